"""People with documents, of which a test names only what matters to it."""

from datetime import UTC, datetime
from typing import Any

from libs.documents.making import make_mrz
from libs.events.models import CheckRequested, DateOfBirth, Document, Individual, Name, StepResult, Task
from services.idv.rules import verify

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
SAID: dict[str, Any] = {
    "issuer": "AUS",
    "number": "N1234567",
    "familyName": "Whitaker",
    "givenNames": "Sarah Jane",
    "birth": "1984-03-09",
    "expiry": "2031-05-20",
    "sex": "F",
}


def mrz(**said: Any) -> str:
    """The zone of Sarah Jane Whitaker's passport, but for what the test says."""
    return make_mrz(**{**SAID, **said})


def passport(mrz: str | None, **fields: Any) -> Document:
    """The passport that goes with it."""
    claimed = {"type": "PASSPORT", "country": "AUS", "primaryIdentifier": "N1234567", "expiryDate": "2031-05-20"}
    return Document(**{**claimed, "mrz": mrz, **fields})


def individual(*documents: Document, dob: str | None = "1984-03-09", name: Name | None = None) -> Individual:
    """Sarah Jane Whitaker, but for what the test says."""
    return Individual(
        name=name or Name(givenName="Sarah", middleName="Jane", familyName="Whitaker"),
        dateOfBirth=DateOfBirth(normalized=dob) if dob is not None else None,
        documents=list(documents),
    )


def request(person: Individual) -> CheckRequested:
    """The workflow asks about a person's documents."""
    task = Task(
        token="token-1",
        customerId="acme",
        entityId="person-1",
        workflowExecutionId="execution-1",
        requestId="request-1",
        stepName="IDV",
    )
    return CheckRequested(task=task, individual=person)


def verified(*documents: Document, **fields: Any) -> StepResult:
    """What the check answers for a person with these documents."""
    return verify(request(individual(*documents, **fields)), NOW)
