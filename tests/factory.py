"""Inputs of tests, showing only what matters to the test."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from libs.events.message import Event
from libs.events.models import (
    Application,
    ApplicationSubmitted,
    CheckRequested,
    DateOfBirth,
    EntityOnboarded,
    Individual,
    Money,
    Name,
    Task,
    WorkflowRequested,
)
from libs.events.record import Record

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
_numbers = count(1)


def person(given: str = "Jane", family: str = "Citizen", born: str | None = "1990-04-05", **more: Any) -> Individual:
    """A person."""
    date = DateOfBirth(normalized=born) if born else None
    return Individual(name=Name(givenName=given, familyName=family), dateOfBirth=date, **more)


def event(data: Record, topic: str, key: str = "c1:p1", id: str | None = None, **more: Any) -> Event:
    """An event; a new id each time unless one is given."""
    return Event(id or f"event-{next(_numbers)}", topic, more.pop("source", "test"), NOON, key, data, **more)


def onboarded(entity: str = "p1", customer: str = "c1", id: str | None = None, **more: Any) -> Event:
    """A customer takes on a person."""
    individual = more.pop("individual", None) or person()
    data = EntityOnboarded(customerId=customer, entityId=entity, individual=individual, **more)
    return event(data, "entity.onboarded", f"{customer}:{entity}", id)


def requested(workflow: str, entity: str = "p1", customer: str = "c1", **more: Any) -> Event:
    """A workflow is to run on a person."""
    data = WorkflowRequested(
        customerId=customer,
        entityId=entity,
        entityVersion=1,
        individual=more.pop("individual", None) or person(),
        serviceName=more.pop("service", "Test"),
        workflowName=workflow,
        requestId="request-1",
    )
    return event(data, "workflow.requested", f"{customer}:{entity}")


def asked(check: str, token: str = "execution-1.3.mac", **more: Any) -> Event:
    """A workflow asks a check."""
    task = Task(
        token=token, customerId="c1", entityId="p1", workflowExecutionId="execution-1", requestId="r1", stepName=check
    )
    individual = more.pop("individual", None) or person()
    data = CheckRequested(task=task, individual=individual, **more)
    return event(data, f"{check}.requested", source="orchestration", correlation="execution-1")


def application(id: str = "app-1", amount: str = "25000.00", **more: Any) -> Application:
    """Somebody wants money for three years."""
    given: dict[str, Any] = {"termMonths": 36, "purpose": "WORKING_CAPITAL"} | more
    return Application(applicationId=id, requestedAmount=Money(amount=amount, currency="EUR"), **given)


def submitted(applied: Application, entity: str = "p1", customer: str = "c1", **more: Any) -> Event:
    """An application comes in."""
    individual = more.pop("individual", None) or person()
    id = more.pop("id", None)
    data = ApplicationSubmitted(
        customerId=customer, entityId=entity, individual=individual, application=applied, **more
    )
    return event(data, "application.submitted", f"{customer}:{entity}", id)
