"""One application of the sample, and what it is expected to come to by its story."""

from dataclasses import dataclass, field
from hashlib import sha256

from libs.embedded.applications.applicants import Known
from libs.events.models import Application, ApplicationFile, ExecutionStatus, Individual, StepResultCode
from libs.events.record import Record


class Expected(Record):
    """The status of the execution, and the result of the step that decides; none where no step alone does."""

    status: ExecutionStatus
    step: str | None = None
    result: StepResultCode | None = None


class Applied(Record):
    """An application with its story. `after`: the application that must have ended before this one is sent."""

    story: str
    note: str
    entityId: str
    individual: Individual
    application: Application
    expected: Expected
    after: str | None = None


@dataclass(slots=True)
class Case:
    """An application, its files by their names in the store, and what others know of the applicant."""

    applied: Applied
    files: dict[str, bytes] = field(default_factory=dict)
    known: Known = field(default_factory=Known)


def attached(content: bytes, kind: str, media_type: str, **more: str) -> tuple[ApplicationFile, bytes]:
    """A file and its reference."""
    name = sha256(content).hexdigest()
    return ApplicationFile(kind=kind, sha256=name, mediaType=media_type, size=len(content), **more), content
