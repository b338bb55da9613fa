"""Requests to assess a risk, of which a test names only what matters to it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from libs.events.models import (
    Address,
    CheckRequested,
    DateOfBirth,
    Document,
    Individual,
    Name,
    RiskFactorValue,
    StepOutcome,
    StepResultCode,
    Task,
)

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)


def person(dob: str | None = None, **fields: Any) -> Individual:
    """A person of whom only the name is known, and what is given."""
    return Individual(
        name=Name(familyName="Castellano"),
        dateOfBirth=DateOfBirth(normalized=dob) if dob else None,
        addresses=[Address(country=country) for country in fields.pop("lives_in", ())],
        documents=[Document(type=kind, country=country) for kind, country in fields.pop("documents", ())],
        **fields,
    )


def request(
    individual: Individual | None = None,
    settings: dict[str, str] | None = None,
    earlier: Sequence[StepOutcome] = (),
    **factors: str,
) -> CheckRequested:
    """The request to assess a person, with the factors that an earlier step reported."""
    reported = StepOutcome(
        stepName="AML",
        result=StepResultCode.HIT,
        riskFactors=[RiskFactorValue(factor=name, value=value) for name, value in factors.items()],
    )
    task = Task(token="t", customerId="c1", entityId="e1", workflowExecutionId="x1", requestId="r1", stepName="Risk")
    return CheckRequested(
        task=task, individual=individual or person(), evidence=[*earlier, reported], settings=settings or {}
    )
