"""Steps that were asked for and have their end without an answer: timed out, or cancelled with their workflow."""

from collections.abc import Iterable
from datetime import datetime

from libs.events.catalogue import step_name
from libs.events.models import StepError, StepOutcome, StepResult, StepResultCode
from services.orchestration.kept import OpenRequest

TIMED_OUT, CANCELLED = "States.Timeout", "Vetstream.Cancelled"


def unanswered(requests: Iterable[OpenRequest], now: datetime) -> list[StepResult]:
    """For the record: ERROR where the step's own time was over, INCOMPLETE where the workflow went on without it."""
    return [_step(request, request.check, now) for request in requests if request.check is not None]


def _step(request: OpenRequest, check: str, now: datetime) -> StepResult:
    timed_out = request.deadline is not None and request.deadline <= now
    error = StepError(
        code=TIMED_OUT if timed_out else CANCELLED,
        description="no answer in time" if timed_out else "the workflow went on or ended before the answer",
        location=check,
    )
    result = StepResultCode.ERROR if timed_out else StepResultCode.INCOMPLETE
    outcome = StepOutcome(stepName=step_name(check), result=result)
    return StepResult(outcome=outcome, errors=[error], startedAt=request.asked_at or now, endedAt=now)
