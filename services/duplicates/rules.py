"""Which of the persons already known are likely to be this one, and what to say of it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from libs.events.message import derived_id
from libs.events.models import (
    CheckRequested,
    Finding,
    Issue,
    ProcessResultCode,
    Reason,
    ReferenceVersion,
    RiskFactorValue,
    StepOutcome,
    StepResult,
    StepResultCode,
)
from services.duplicates.compare import MISSING, Comparison, compare
from services.duplicates.traits import Traits
from services.duplicates.weights import Weights

# The most alike are shown to the reviewer; all of them are counted.
SHOWN = 20


class Duplicate(NamedTuple):
    """A person known already who is likely to be the one asked about."""

    entity_id: str
    comparison: Comparison


def likely(traits: Traits, known: Iterable[tuple[str, Traits]], weights: Weights) -> list[Duplicate]:
    """The likely duplicates among the persons known, the most alike first."""
    compared = (Duplicate(entity_id, compare(traits, other, weights)) for entity_id, other in known)
    found = [one for one in compared if one.comparison.score >= weights.likely.search]
    return sorted(found, key=lambda one: (-one.comparison.score, one.entity_id))


def answer(
    request: CheckRequested, duplicates: list[Duplicate], now: datetime, references: Sequence[ReferenceVersion] = ()
) -> StepResult:
    """The answer to a request: a hit for each likely duplicate, or clear; `references` say which weights were used."""
    return StepResult(
        outcome=_hit(duplicates) if duplicates else _clear(),
        findings=[_finding(request, one) for one in duplicates[:SHOWN]],
        references=list(references),
        startedAt=now,
        endedAt=now,
    )


def _hit(duplicates: list[Duplicate]) -> StepOutcome:
    count = len(duplicates)
    return StepOutcome(
        stepName="DUPLICATE",
        result=StepResultCode.HIT,
        reasons=[Reason(code="LIKELY_DUPLICATE", message=_explanation(one)) for one in duplicates[:SHOWN]],
        issues=[Issue(category="DUPLICATE", issue="DUPLICATE", severity="REVIEW")],
        riskFactors=[RiskFactorValue(factor="unresolved_duplicates", value=str(count))],
        counts={"totalDuplicates": count, "totalUnresolved": count},
    )


def _clear() -> StepOutcome:
    return StepOutcome(
        stepName="DUPLICATE",
        result=StepResultCode.CLEAR,
        reasons=[Reason(code="NO_DUPLICATE", message="No person known already is likely to be this one.")],
        counts={"totalDuplicates": 0, "totalUnresolved": 0},
    )


def _finding(request: CheckRequested, one: Duplicate) -> Finding:
    return Finding(
        processResultId=derived_id(request.task.token, "duplicates", one.entity_id),
        processClass="DUPLICATE",
        objectType="INDIVIDUAL",
        objectId=request.task.entityId,
        result=ProcessResultCode.HIT,
        matchStrengths=one.comparison.strengths,
        explanation=_explanation(one),
        duplicateOf=one.entity_id,
        riskFactors=[RiskFactorValue(factor="unresolved_duplicates", value="1")],
    )


def _explanation(one: Duplicate) -> str:
    told = ", ".join(
        f"{feature.field} {feature.level} {feature.weight:+g}"
        for feature in one.comparison.features
        if feature.level != MISSING
    )
    return f"Entity {one.entity_id} is alike: {one.comparison.score:g} bits ({told})."
