"""Whole answers, read from several tables in one snapshot."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from libs.events.models import Individual
from services.results import individuals, merging, subscriptions, views
from services.results.api import queries


async def workflow_results(
    connection: AsyncConnection, customer_id: str, executions: list[queries.Row]
) -> list[dict[str, Any]]:
    """The Workflow-Results of these executions."""
    ids = [execution["execution_id"] for execution in executions]
    steps, findings = await queries.steps_of(connection, customer_id, ids)
    persons = await queries.persons_given(connection, customer_id, ids)
    return [
        views.workflow_result(one, steps[id], findings[id], persons.get(id))
        for id, one in zip(ids, executions, strict=True)
    ]


class Person(NamedTuple):
    """A person at a version; `told` is what the contract says of them, each part with its id."""

    entity_id: str
    version: int
    told: dict[str, Any]
    created_at: datetime | None = None

    @property
    def shown(self) -> dict[str, Any]:
        """In the contract's shape."""
        return {**individuals.shown(self.entity_id, self.told), "createdAt": self.created_at}


async def person(connection: AsyncConnection, customer_id: str, entity_id: str) -> Person | None:
    """The person as told last; None where the customer has no such person."""
    row = await queries.person(connection, customer_id, entity_id)
    return None if row is None else person_of(row)


def person_of(row: queries.Row) -> Person:
    """The person of a row; what another service told of them has ids that follow from it."""
    told = row["told"] or merging.without_empty(individuals.told(Individual.model_validate(row["document"])))
    if row["told"] is None:
        told = merging.identified(row["entity_id"], told)
    return Person(row["entity_id"], row["entity_version"], told, row["created_at"])


async def service_profiles(connection: AsyncConnection, customer_id: str, entity_id: str) -> list[dict[str, Any]]:
    """Every profile of a person, by service."""
    return (await profiles_of(connection, customer_id, [entity_id]))[entity_id]


async def service_profile(
    connection: AsyncConnection, customer_id: str, entity_id: str, service_name: str
) -> dict[str, Any] | None:
    """The person's profile with a service; None where it was never begun and nothing of it was run."""
    rows = await queries.profile(connection, customer_id, entity_id, service_name)
    changes = [
        one
        for one in await queries.profile_changes_of(connection, customer_id, entity_id)
        if one["service_name"] == service_name
    ]
    if not rows and not changes:
        return None
    watched = subscriptions.of_profile(*await monitoring(connection, customer_id, entity_id))
    return views.service_profile((customer_id, entity_id, service_name), rows, changes, watched)


async def profiles_of(
    connection: AsyncConnection, customer_id: str, ids: Sequence[str]
) -> dict[str, list[dict[str, Any]]]:
    """The profiles of many persons, by person and service; of each its latest executions."""
    ran = _grouped(await queries.executions_of_persons(connection, customer_id, ids))
    said = _grouped(await queries.profile_changes_of(connection, customer_id, *ids))
    watched = await queries.subscription_changes_of(connection, customer_id, *ids)
    workflows = await queries.monitoring_workflows(connection) if watched else []
    told: dict[str, list[dict[str, Any]]] = {id: [] for id in ids}
    for id, service in sorted({*ran, *said}):
        mine = subscriptions.of_profile([one for one in watched if one["entity_id"] == id], workflows)
        key = customer_id, id, service
        told[id].append(views.service_profile(key, ran.get((id, service), []), said.get((id, service), []), mine))
    return told


def _grouped(rows: Sequence[queries.Row]) -> dict[tuple[str, str], list[queries.Row]]:
    """By person and service, in their order; without those of no service."""
    groups: dict[tuple[str, str], list[queries.Row]] = {}
    for row in rows:
        if row["service_name"] is not None:
            groups.setdefault((row["entity_id"], row["service_name"]), []).append(row)
    return groups


async def monitoring(
    connection: AsyncConnection, customer_id: str, entity_id: str
) -> tuple[list[queries.Row], list[queries.Row]]:
    """What was asked about watching a person, and the workflows that run when something comes up."""
    changes = await queries.subscription_changes_of(connection, customer_id, entity_id)
    return changes, await queries.monitoring_workflows(connection) if changes else []
