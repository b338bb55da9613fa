"""Persons, entries of a customer's list, and requests, of which a test names only what matters to it."""

from datetime import UTC, datetime
from typing import Any

from libs.events.message import Event
from libs.events.models import (
    CheckRequested,
    DateOfBirth,
    Document,
    Individual,
    MatchlistAction,
    MatchlistAttribute,
    MatchlistEntryPublished,
    Name,
    Task,
)

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)


def person(given: str | None = "Maria", family: str = "Castellano", **fields: Any) -> Individual:
    """A person with a passport, an e-mail address and a phone."""
    return Individual(
        name=Name(givenName=given, familyName=family),
        dateOfBirth=DateOfBirth(normalized=fields.pop("dob", "1984-03-09")),
        **{
            "documents": [Document(type="PASSPORT", country="AUS", primaryIdentifier="PA 1234567")],
            "emailAddresses": ["Maria.C+bank@Example.org"],
            "phoneNumbers": ["+61 412 345 678"],
            **fields,
        },
    )


def entry(action: str = "BLOCK", id: str = "1", customer: str = "c1", **fields: Any) -> MatchlistEntryPublished:
    """An entry; attributes are given by their type, all with one rule."""
    known = {name: fields.pop(name) for name in ("validTo", "isActive") if name in fields}
    rule = fields.pop("rule", None)
    return MatchlistEntryPublished(
        customerId=customer,
        matchlistId=f"list-{action.lower()}",
        name=f"Our {action.lower()} list",
        action=MatchlistAction(action),
        entryId=id,
        attributes=[MatchlistAttribute(type=kind, value=value, rule=rule) for kind, value in fields.items()],
        **known,
    )


def request(individual: Individual, customer: str = "c1") -> CheckRequested:
    """The request for the lists that a person is on."""
    task = Task(
        token="token",
        customerId=customer,
        entityId="e1",
        workflowExecutionId="x1",
        requestId="r1",
        stepName="Matchlist",
    )
    return CheckRequested(task=task, individual=individual)


def published(data: MatchlistEntryPublished) -> Event:
    """The entry as it comes from the topic."""
    key = f"{data.customerId}:{data.matchlistId}:{data.entryId}"
    return Event(id="1", topic="matchlist.entry.published", source="producers", time=NOW, key=key, data=data)
