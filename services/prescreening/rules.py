"""What the rules of every step share: an outcome is made of measures, each with what would have passed.

The rules of a step are `rules_<step>.judge(request, gathered, policy, now) -> Verdict`, pure: what takes more than the
request to know (files, answers of sources) is gathered before.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from libs.events.message import derived_id
from libs.events.models import (
    CheckRequested,
    Decision,
    Finding,
    Issue,
    Measure,
    ProcessResultCode,
    ProviderCall,
    Reason,
    ReferenceVersion,
    StepOutcome,
    StepResult,
    StepResultCode,
)

PASS, FAIL = StepResultCode.PASS, StepResultCode.FAIL
# Somebody should look: nothing failed, and not all is well.
PARTIAL = StepResultCode.PARTIAL
# It could not be judged: what is needed was not given, or could not be read.
MISSING_DATA, UNCHECKED = StepResultCode.MISSING_DATA, StepResultCode.UNCHECKED
GRAVEST_FIRST = (FAIL, UNCHECKED, MISSING_DATA, PARTIAL, PASS)
SEVERITIES = {FAIL: "BLOCK", PARTIAL: "REVIEW", UNCHECKED: "REVIEW", MISSING_DATA: "REVIEW"}
PROCESS_RESULTS = {
    PASS: ProcessResultCode.MATCH,
    FAIL: ProcessResultCode.FAIL,
    PARTIAL: ProcessResultCode.SUSPECTED,
    MISSING_DATA: ProcessResultCode.BAD_DATA,
    UNCHECKED: ProcessResultCode.NOT_APPLICABLE,
}


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of one thing that a step looks at.

    `code`: stable, e.g. MONTH_END_BALANCE_LOW. `message`: one sentence with the figure and the limit, without a name or
    an account. `about`: the kind of thing, e.g. ACCOUNT; `object_id`: which one, e.g. a file's id. `told`: what the
    applicant may be told of it.
    """

    result: StepResultCode
    code: str
    message: str
    about: str
    measures: tuple[Measure, ...] = ()
    object_id: str | None = None
    told: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """All that a step found; its result is the gravest.

    `measures`: the few figures that later steps go by, e.g. the income that was seen. They travel with the workflow.
    `decision`: of the final decision, for the whole workflow.
    """

    judged: Sequence[Judged]
    measures: Sequence[Measure] = ()
    providers: Sequence[ProviderCall] = ()
    references: Sequence[ReferenceVersion] = ()
    decision: Decision | None = None


def measure(name: str, value: Decimal | int | str | None, unit: str, would_pass: str = "", *, passed: bool) -> Measure:
    """A figure that something is asked of."""
    return Measure(
        name=name, value=None if value is None else str(value), unit=unit, wouldPass=would_pass or None, passed=passed
    )


def told(name: str, value: Decimal | int | str | None, unit: str) -> Measure:
    """A figure that nothing is asked of."""
    return Measure(name=name, value=None if value is None else str(value), unit=unit)


def at_least(name: str, value: Decimal | int, limit: Decimal | int, unit: str) -> Measure:
    """A figure that passes from the limit on."""
    return measure(name, value, unit, f"at least {limit}", passed=value >= limit)


def at_most(name: str, value: Decimal | int, limit: Decimal | int, unit: str) -> Measure:
    """A figure that passes up to the limit."""
    return measure(name, value, unit, f"at most {limit}", passed=value <= limit)


def gravest(judged: Sequence[Judged]) -> StepResultCode:
    """The result of a step: UNCHECKED where nothing was judged."""
    results = {one.result for one in judged}
    return next((one for one in GRAVEST_FIRST if one in results), UNCHECKED)


def step_result(
    request: CheckRequested, step_name: str, verdict: Verdict, began: datetime, now: datetime
) -> StepResult:
    """A verdict as the workflow and the record are told it, the gravest first."""
    ordered = sorted(verdict.judged, key=lambda one: GRAVEST_FIRST.index(one.result))
    result = gravest(ordered)
    outcome = StepOutcome(
        stepName=step_name,
        result=result,
        reasons=[Reason(code=one.code, message=one.message, told=one.told) for one in ordered],
        issues=[
            Issue(category="PRESCREENING", issue=one.code, severity=SEVERITIES[one.result])
            for one in ordered
            if one.result in SEVERITIES
        ],
        measures=list(verdict.measures),
        decision=verdict.decision,
    )
    return StepResult(
        outcome=outcome,
        findings=[_finding(request, step_name, number, one) for number, one in enumerate(verdict.judged)],
        providers=list(verdict.providers),
        references=list(verdict.references),
        startedAt=began,
        endedAt=now,
        settings=dict(request.settings),
    )


def _finding(request: CheckRequested, step_name: str, number: int, one: Judged) -> Finding:
    return Finding(
        processResultId=derived_id(request.task.token, "prescreening", step_name, number),
        processClass="PRESCREENING",
        objectType=one.about,
        objectId=one.object_id,
        result=PROCESS_RESULTS[one.result],
        explanation=f"{one.code}: {one.message}",
        measures=list(one.measures),
    )


def with_reference(verdict: Verdict, *references: ReferenceVersion) -> Verdict:
    """The verdict, resting on these besides."""
    return replace(verdict, references=[*verdict.references, *references])
