"""A case: what an execution waits for, and how far the reviewers have come with it."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from libs.events.models import DocumentAsked, Task

OPEN, AWAITING_SECOND, AWAITING_APPLICANT = "OPEN", "AWAITING_SECOND", "AWAITING_APPLICANT"
DECIDED, CLOSED = "DECIDED", "CLOSED"
APPROVED, REJECTED = "APPROVED", "REJECTED"


class Proposal(BaseModel):
    """A decision that waits for a second person."""

    model_config = ConfigDict(frozen=True)

    decision: str
    reason_code: str | None
    message: str | None
    comment: str | None
    by: str
    at: datetime


class Case(BaseModel):
    """One case, of one execution. `task` is what is answered: null while the documents given again are checked."""

    case_id: str
    customer_id: str
    entity_id: str
    entity_version: int
    execution_id: str
    request_id: str
    policy: str
    opened_at: datetime
    status: str = OPEN
    round: int = 1
    sequence: int = 0
    task: Task | None = None
    risk: str | None = None
    assignee: str | None = None
    remind_at: datetime | None = None
    due_at: datetime | None = None
    asked: list[DocumentAsked] = []
    proposal: Proposal | None = None
    decision: str | None = None
    answered: bool = False

    @property
    def key(self) -> str:
        """The Kafka key of everything about this person."""
        return f"{self.customer_id}:{self.entity_id}"

    @property
    def wakes_at(self) -> datetime | None:
        """When time alone has something to do with it."""
        return min((at for at in (self.remind_at, self.due_at) if at is not None), default=None)
