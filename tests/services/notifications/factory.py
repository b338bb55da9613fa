"""Steps that ask to tell an outside service, showing only what matters to a test."""

from libs.events.message import Event
from libs.events.models import CheckRequested, Reason, StepOutcome, StepResultCode, Task
from tests.factory import event, person

FAILED = StepOutcome(
    stepName="BANK_STATEMENTS",
    result=StepResultCode.FAIL,
    reasons=[Reason(code="BALANCE_UNSTABLE", message="The balances at the ends of months vary.")],
)
PASSED = StepOutcome(
    stepName="CUSTOMER_INFORMATION",
    result=StepResultCode.PASS,
    reasons=[Reason(code="REGISTERED", message="The company is in the register.")],
)


def request(
    execution: str = "execution-1", token: str = "token-1", step: str = "Reject", **settings: str
) -> CheckRequested:
    """What the step asks."""
    task = Task(
        token=token,
        customerId="c1",
        entityId="p1",
        workflowExecutionId=execution,
        requestId="request-1",
        stepName=step,
    )
    return CheckRequested(task=task, individual=person(), evidence=[PASSED, FAILED], settings=settings)


def asked(execution: str = "execution-1", token: str = "token-1", id: str | None = None, **settings: str) -> Event:
    """It asks."""
    data = request(execution, token, **settings)
    return event(data, "notification.requested", id=id, source="orchestration", correlation=execution)
