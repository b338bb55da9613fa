"""Whole answers, read from several tables in one snapshot."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from libs.events.models import Individual
from services.results import individuals, views
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


async def person(connection: AsyncConnection, customer_id: str, entity_id: str) -> dict[str, Any] | None:
    """The person in the contract's shape; None where the customer has no such person."""
    row = await queries.individual(connection, customer_id, entity_id)
    if row is None:
        return None
    return {
        **individuals.document(entity_id, Individual.model_validate(row["document"])),
        "createdAt": row["created_at"],
    }


async def service_profile(
    connection: AsyncConnection, customer_id: str, entity_id: str, service_name: str
) -> dict[str, Any] | None:
    """The person's profile with a service; None where nothing of it was run."""
    rows = await queries.profile(connection, customer_id, entity_id, service_name)
    return views.service_profile(customer_id, entity_id, rows) if rows else None
