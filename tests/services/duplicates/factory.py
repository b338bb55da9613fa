"""Persons, and requests about them, of which a test names only what matters to it."""

from datetime import UTC, datetime
from typing import Any

from libs.events.message import Event
from libs.events.models import Address, CheckRequested, DateOfBirth, Document, Individual, Name, Task

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)


def person(name: str = "Maria Castellano", dob: str | None = "1984-03-09", **fields: Any) -> Individual:
    """A person; the last word of the name is the family name."""
    *given, family = name.split() or [""]
    return Individual(
        name=Name(givenName=" ".join(given) or None, familyName=family),
        dateOfBirth=DateOfBirth(normalized=dob) if dob else None,
        addresses=[Address(country="AUS", unstructuredLongForm=line) for line in fields.get("addresses", ())],
        documents=[
            Document(type="PASSPORT", country="AUS", primaryIdentifier=number) for number in fields.get("passports", ())
        ],
        emailAddresses=list(fields.get("emails", ())),
        phoneNumbers=list(fields.get("phones", ())),
    )


def request(individual: Individual, entity: str = "e1", customer: str = "c1", version: int = 1) -> CheckRequested:
    """The request for the duplicates of a person."""
    task = Task(
        token=f"token-{customer}-{entity}",
        customerId=customer,
        entityId=entity,
        entityVersion=version,
        workflowExecutionId=f"x-{entity}",
        requestId="r1",
        stepName="Duplicates",
    )
    return CheckRequested(task=task, individual=individual)


def event(data: CheckRequested) -> Event:
    """The request as it comes from the topic."""
    key = f"{data.task.customerId}:{data.task.entityId}"
    return Event(id=f"id-{key}", topic="duplicates.requested", source="orchestration", time=NOW, key=key, data=data)
