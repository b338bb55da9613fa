"""What is decided on the evidence, and which of its steps decided."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from libs.events.models import (
    CheckRequested,
    Decision,
    ExecutionStatus,
    Issue,
    Reason,
    RiskLevel,
    StepOutcome,
    StepResult,
    StepResultCode,
)
from services.decision.policy import Row

ABSENT = "ABSENT"
# Whatever a policy says, nobody passes while one of these stands.
OPEN = (StepResultCode.ERROR, StepResultCode.HIT, StepResultCode.CLEAR_REVIEW, StepResultCode.UNCHECKED)
# Of several outcomes of one step the gravest counts: the open ones before all others, so that none is hidden by
# one that is settled. Codes that are not here lie between these and the clear ones.
GRAVEST_FIRST = (*OPEN, StepResultCode.HIT_REJECTED, StepResultCode.FAIL, StepResultCode.NO_MATCH)
CLEAR = (
    StepResultCode.HIT_ACCEPTED,
    StepResultCode.CLEARED,
    StepResultCode.CLEAR,
    StepResultCode.MATCH,
    StepResultCode.PASS,
    StepResultCode.COMPLETE,
    StepResultCode.NOT_APPLICABLE,
)
# Rows of the code rather than of a policy.
NO_ROW = Row("no-row", "No row of the policy applies to this evidence.", ExecutionStatus.REVIEW, ())
NO_PASS = Row("open-step", "A step is unresolved.", ExecutionStatus.REVIEW, ())

STATUSES = (ExecutionStatus.FAIL, ExecutionStatus.REVIEW)
RESULTS = {ExecutionStatus.PASS: StepResultCode.PASS, ExecutionStatus.FAIL: StepResultCode.FAIL}
REQUIRES = {"KYC": "REQUIRES_KYC", "IDV": "REQUIRES_IDV", "AML": "REQUIRES_AML"}


class Rows(Protocol):
    """A policy: it says which of its rows apply."""

    version: str

    def rows(self, evidence: Mapping[str, Any]) -> Sequence[Row]:
        """The rows that apply, in their order."""


def answer(request: CheckRequested, policy: Rows, now: datetime) -> StepResult:
    """The answer to a request: PASS, FAIL or REVIEW, the row that decided, and the reasons of its steps first."""
    outcomes = gravest(request.evidence)
    rows = deciding(policy.rows(facts(outcomes)), outcomes)
    status = ExecutionStatus(rows[0].status)
    outcome = StepOutcome(
        stepName="DECISION",
        result=RESULTS.get(status, StepResultCode.COMPLETE),
        reasons=list(_reasons(rows, outcomes)),
        issues=_missing_issues(rows, outcomes),
        decision=Decision(status=status, rule=rows[0].rule, policy=policy.version),
    )
    return StepResult(outcome=outcome, startedAt=now, endedAt=now)


def gravest(evidence: Iterable[StepOutcome]) -> dict[str, StepOutcome]:
    """The gravest outcome of each step."""
    found: dict[str, StepOutcome] = {}
    for outcome in evidence:
        before = found.get(outcome.stepName)
        if before is None or _gravity(outcome) < _gravity(before):
            found[outcome.stepName] = outcome
    return found


def facts(outcomes: Mapping[str, StepOutcome]) -> dict[str, Any]:
    """What a policy is asked about: the columns of its table."""
    return {
        "results": {step: outcome.result.value for step, outcome in outcomes.items()},
        "present": list(outcomes),
        "failed": [step for step, outcome in outcomes.items() if outcome.result is StepResultCode.ERROR],
        "listAction": _list_action(outcomes.get("BLOCKLIST")),
        "riskLevel": _risk_level(outcomes.get("RISK")),
    }


def deciding(rows: Sequence[Row], outcomes: Mapping[str, StepOutcome]) -> list[Row]:
    """The rows that count, the deciding one first: FAIL outweighs REVIEW, both outweigh PASS."""
    against = [row for row in rows if row.status != ExecutionStatus.PASS]
    if against:
        return sorted(against, key=lambda row: STATUSES.index(ExecutionStatus(row.status)))
    unresolved = tuple(step for step, outcome in outcomes.items() if outcome.result in OPEN)
    if unresolved:
        return [NO_PASS._replace(steps=unresolved)]
    return list(rows) or [NO_ROW]


def _gravity(outcome: StepOutcome) -> tuple[int, int]:
    """Lower is graver; between two risk scores the higher one counts."""
    risk = -outcome.risk.score if outcome.risk else 0
    if outcome.result in GRAVEST_FIRST:
        return GRAVEST_FIRST.index(outcome.result), risk
    if outcome.result in CLEAR:
        return len(GRAVEST_FIRST) + 1 + CLEAR.index(outcome.result), risk
    return len(GRAVEST_FIRST), risk


def _list_action(outcome: StepOutcome | None) -> str:
    factors = outcome.riskFactors if outcome else []
    return next((one.value for one in factors if one.factor == "on_matchlist_internal"), "")


def _risk_level(outcome: StepOutcome | None) -> str:
    if outcome is None:
        return ABSENT
    return outcome.risk.level.value if outcome.risk else RiskLevel.UNKNOWN.value


def _reasons(rows: Iterable[Row], outcomes: Mapping[str, StepOutcome]) -> Iterable[Reason]:
    """The reasons of each row's steps in turn; every message begins with the step's name."""
    told: set[str] = set()
    for row in rows:
        if not row.steps:
            yield Reason(code=row.rule.upper().replace("-", "_"), message=f"DECISION: {row.description}")
        for step in row.steps:
            if step not in told:
                told.add(step)
                yield from _step_reasons(step, row, outcomes.get(step))


def _step_reasons(step: str, row: Row, outcome: StepOutcome | None) -> Iterable[Reason]:
    if outcome is None:
        yield Reason(code="STEP_ABSENT", message=f"{step}: {row.description}")
    elif not outcome.reasons:
        yield Reason(code=outcome.result.value, message=f"{step}: {row.description}")
    else:
        yield from (Reason(code=one.code, message=f"{step}: {one.message}") for one in outcome.reasons)


def _missing_issues(rows: Iterable[Row], outcomes: Mapping[str, StepOutcome]) -> list[Issue]:
    absent = dict.fromkeys(step for row in rows for step in row.steps if step not in outcomes and step in REQUIRES)
    return [Issue(category=step, issue=REQUIRES[step], severity="REVIEW") for step in absent]
