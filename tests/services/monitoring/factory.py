"""Requests to watch a person, showing only what matters to a test."""

from typing import Any

from libs.events.message import Event
from libs.events.models import EntityChanged, Individual, SubscriptionRequested
from tests.factory import NOON, asked, event, person


def step(id: str = "", **settings: str) -> Event:
    """A workflow's step asks."""
    request = asked("monitoring", settings=settings)
    return event(request.data, request.topic, id=id or None, source="orchestration", correlation="execution-1")


def command(entity: str = "p1", id: str = "", **fields: Any) -> Event:
    """Somebody asks by the topic."""
    data = SubscriptionRequested(
        customerId="c1",
        entityId=entity,
        individual=fields.pop("individual", person()),
        monitoringTypes=fields.pop("types", []),
        requestedBy=fields.pop("by", "analyst"),
        requestId=fields.pop("request", "request-7"),
        **fields,
    )
    return event(data, "subscription.requested", f"c1:{entity}", id or None)


def changed(individual: Individual | None, version: int = 2, entity: str = "p1", id: str = "") -> Event:
    """A person is another from now on, or was deleted."""
    data = EntityChanged(
        changeId=id or f"change-{version}",
        customerId="c1",
        entityId=entity,
        entityVersion=version,
        kind="UPDATED" if individual else "DELETED",
        individual=individual,
        changedBy="officer",
        requestId="request-9",
        changedAt=NOON,
    )
    return event(data, "entity.changed", f"c1:{entity}", id or None, source="results")
