"""An execution as orchestration keeps it between events."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from libs.asl import Execution
from libs.asl.integration import Call
from libs.events.models import Application, Individual
from services.orchestration.errand import Errand
from services.orchestration.kin import Kin


@dataclass(slots=True)
class OpenRequest:
    """A request that awaits its answer, and when it is sent again with the same id.

    `call`: how a workflow written for AWS called the check, without what it gave. `check` and `asked_at` are not known
    of one that an earlier release sent.
    """

    event_id: str
    again_at: datetime
    call: Call | None = None
    check: str | None = None
    asked_at: datetime | None = None
    deadline: datetime | None = None


@dataclass(slots=True)
class Kept:
    """An execution and what belongs to it; its `errands` are written with it, `stored` says that it has a row."""

    customer_id: str
    entity_id: str
    entity_version: int
    request_id: str
    definition_hash: str
    execution: Execution
    individual: str | None
    sequence: int = 0
    requests: dict[int, OpenRequest] = field(default_factory=dict)
    kin: Kin = field(default_factory=Kin)
    errands: list[Errand] = field(default_factory=list)
    stored: bool = False
    application: str | None = None

    @property
    def id(self) -> str:
        return self.execution.id

    @property
    def key(self) -> str:
        """The Kafka key of everything about this person."""
        return f"{self.customer_id}:{self.entity_id}"

    @property
    def workflow(self) -> tuple[str, str]:
        """Service and name of its workflow."""
        given = self.execution.input
        return self.kin.workflow or (given["serviceName"], given["workflowName"])

    @property
    def next_due(self) -> datetime | None:
        """Earliest timer of the workflow, or repeat of a request."""
        times = [request.again_at for request in self.requests.values()]
        if self.execution.next_due is not None:
            times.append(self.execution.next_due)
        return min(times, default=None)

    @property
    def person(self) -> Individual:
        """The person as given when the execution started."""
        return _person(self.individual or "{}")

    @property
    def applied(self) -> Application | None:
        """What the person applies for, where the execution is about that."""
        return None if self.application is None else _applied(self.application)


@lru_cache(maxsize=1024)
def _applied(document: str) -> Application:
    """Each step is asked about the same application: read once."""
    return Application.model_validate_json(document)


@lru_cache(maxsize=1024)
def _person(document: str) -> Individual:
    """Seven checks are asked about the same person: read once."""
    return Individual.model_validate_json(document)
