"""Requests to watch a person, showing only what matters to a test."""

from typing import Any

from libs.events.message import Event
from libs.events.models import SubscriptionRequested
from tests.factory import asked, event, person


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
