"""Evidence, of which a test names only what matters to it."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import zen

from libs.events.models import (
    CheckRequested,
    Individual,
    Name,
    Reason,
    RiskFactorValue,
    RiskLevel,
    RiskScore,
    StepOutcome,
    StepResultCode,
    Task,
)
from services.decision.agent import POLICIES
from services.decision.policy import Policy

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
CLEAN = {"BLOCKLIST": "CLEAR", "KYC": "MATCH", "IDV": "PASS", "AML": "CLEAR", "DUPLICATE": "CLEAR"}


def outcome(step: str, result: str, listed: str | None = None) -> StepOutcome:
    """The outcome of a step; `listed` is the action of the customer's list."""
    return StepOutcome(
        stepName=step,
        result=StepResultCode(result),
        reasons=[Reason(code=f"{step}_{result}", message="Because.")],
        riskFactors=[RiskFactorValue(factor="on_matchlist_internal", value=listed)] if listed else [],
    )


def risk(level: str, score: int = 10) -> StepOutcome:
    """The outcome of the risk step."""
    return StepOutcome(
        stepName="RISK",
        result=StepResultCode.COMPLETE,
        reasons=[Reason(code=f"RISK_{level}", message="Because.")],
        risk=RiskScore(score=score, level=RiskLevel(level), profile="p@1"),
    )


def evidence(*changed: StepOutcome, without: str | None = None) -> list[StepOutcome]:
    """Clean evidence of every step but for what is changed or left out."""
    steps = {step: outcome(step, result) for step, result in CLEAN.items()} | {"RISK": risk("LOW")}
    steps |= {one.stepName: one for one in changed}
    return [one for step, one in steps.items() if step != without]


def request(given: list[StepOutcome], **settings: str) -> CheckRequested:
    """The request to decide on some evidence."""
    task = Task(
        token="t", customerId="c1", entityId="e1", workflowExecutionId="x1", requestId="r1", stepName="Decision"
    )
    return CheckRequested(
        task=task, individual=Individual(name=Name(familyName="Castellano")), evidence=given, settings=settings
    )


def edited(edit: Callable[[list[dict[str, Any]]], None], name: str = "onboarding") -> str:
    """A shipped policy with its rows changed, as text."""
    document = json.loads((POLICIES / f"{name}.json").read_text())
    (table,) = (node for node in document["nodes"] if node["type"] == "decisionTableNode")
    edit(table["content"]["rules"])
    return json.dumps(document)


def policy(text: str) -> Policy:
    """The policy in a text; raises InvalidPolicy."""
    return Policy("edited", text, zen.ZenEngine())
