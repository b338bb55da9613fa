"""What is decided on the evidence, and which of its steps decided."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from libs.events.fingerprint import fingerprint
from libs.events.models import (
    CheckRequested,
    Decision,
    ExecutionStatus,
    Issue,
    Reason,
    ReferenceVersion,
    RiskLevel,
    StepOutcome,
    StepResult,
    StepResultCode,
)
from services.decision.columns import ABSENT
from services.decision.contract import AT_BEST_REVIEW
from services.decision.policy import Row

# Whatever a policy says, nobody gets past a review while one of these stands.
OPEN = (StepResultCode.ERROR, StepResultCode.HIT, StepResultCode.CLEAR_REVIEW, StepResultCode.UNCHECKED)
# Steps whose hits are open until they are resolved; of a customer's own list some ask for nothing.
COUNTED = ("AML", "DUPLICATE")
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
# The row of the code rather than of a policy.
NO_PASS = Row("open-step", "A step is unresolved.", ExecutionStatus.REVIEW, ())

RESULTS = {
    ExecutionStatus.PASS: StepResultCode.PASS,
    ExecutionStatus.APPROVED: StepResultCode.PASS,
    ExecutionStatus.CLEAR: StepResultCode.PASS,
    ExecutionStatus.FAIL: StepResultCode.FAIL,
    ExecutionStatus.REJECTED: StepResultCode.FAIL,
    ExecutionStatus.BLOCKED: StepResultCode.FAIL,
    ExecutionStatus.INCOMPLETE: StepResultCode.INCOMPLETE,
}
REQUIRES = {"KYC": "REQUIRES_KYC", "IDV": "REQUIRES_IDV", "AML": "REQUIRES_AML"}
UNAVAILABLE = Issue(category="SYSTEM", issue="SERVICE_ERROR", severity="ERROR")


class Rows(Protocol):
    """A policy: it says which of its rows apply to the evidence."""

    name: str
    version: str
    sha256: str

    def rows(self, asked: str) -> Sequence[Row]:
        """The rows that apply to the evidence as JSON, the deciding one first; there is always one."""


def answer(request: CheckRequested, policy: Rows, now: datetime) -> StepResult:
    """The answer to a request: the status, the row that decided and what it saw; its steps' reasons come first."""
    outcomes = gravest(request.evidence)
    asked = json.dumps(facts(outcomes))
    applying = policy.rows(asked)
    rows = deciding(applying, outcomes)
    status = ExecutionStatus(rows[0].status)
    outcome = StepOutcome(
        stepName="DECISION",
        result=RESULTS.get(status, StepResultCode.COMPLETE),
        reasons=list(_reasons(rows, outcomes)),
        issues=_issues(rows, outcomes),
        decision=Decision(
            status=status,
            rule=rows[0].rule,
            policy=policy.version,
            input=asked,
            rows=[row.rule for row in applying],
        ),
    )
    return StepResult(outcome=outcome, references=_relied_on(request, policy), startedAt=now, endedAt=now)


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
    """The row that counts, then those that speak against the person; while a step is open nobody gets past a review."""
    first, *others = rows
    against = [row for row in others if row.status in AT_BEST_REVIEW]
    unresolved = tuple(step for step, outcome in outcomes.items() if is_open(outcome))
    if unresolved and first.status not in AT_BEST_REVIEW:
        return [NO_PASS._replace(steps=unresolved), *against]
    return [first, *against]


def is_open(outcome: StepOutcome) -> bool:
    """A hit or duplicate that nobody has resolved, or a source that could not be asked."""
    unresolved = outcome.stepName in COUNTED and outcome.counts.get("totalUnresolved", 0) > 0
    return unresolved or outcome.result in OPEN


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


def _issues(rows: Iterable[Row], outcomes: Mapping[str, StepOutcome]) -> list[Issue]:
    """What the policy's rows raise, what is absent, and what no check could tell because it was not there."""
    raised = [
        Issue(category=c, issue=i, severity=s) for row in rows for c, i, s in (one.split("/") for one in row.issues)
    ]
    absent = dict.fromkeys(step for row in rows for step in row.steps if step not in outcomes and step in REQUIRES)
    missing = [Issue(category=step, issue=REQUIRES[step], severity="REVIEW") for step in absent]
    down = [
        issue
        for outcome in outcomes.values()
        if outcome.result is StepResultCode.ERROR
        for issue in outcome.issues or [UNAVAILABLE]
    ]
    found = [*raised, *missing, *down]
    return [issue for number, issue in enumerate(found) if issue not in found[:number]]


def _relied_on(request: CheckRequested, policy: Rows) -> list[ReferenceVersion]:
    """The policy, the person and the evidence, each with its hash."""
    version, person, evidence = request.task.entityVersion, request.individual, request.evidence
    return [
        ReferenceVersion(id=f"decision-policy/{policy.name}", version=policy.version, sha256=policy.sha256),
        ReferenceVersion(id="individual", version=str(version), sha256=fingerprint(person)),
        ReferenceVersion(id="evidence", version=f"{len(evidence)} steps", sha256=fingerprint(*evidence)),
    ]
