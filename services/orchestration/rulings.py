"""What people decided that checks are to count of a person: kept here, given to each execution that starts later."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.events.message import Event
from libs.events.models import EntityOnboarded, MonitoringAlerted, RulingChanged, RulingRequested, WorkflowRequested

Person: TypeAlias = tuple[str, str]
"""Customer and entity."""

_HELD = text("""
    SELECT customer_id, entity_id, check_name, ruling_id, settings::text AS settings FROM rulings
    WHERE (customer_id, entity_id) IN
          (SELECT * FROM unnest(CAST(:customers AS text[]), CAST(:entities AS text[])))""")
_KEEP = text("""
    INSERT INTO rulings (customer_id, entity_id, check_name, ruling_id, settings)
    VALUES (:customer, :entity, :check, :ruling, CAST(:settings AS json))
    ON CONFLICT (customer_id, entity_id, check_name) DO UPDATE SET
        ruling_id = excluded.ruling_id, settings = excluded.settings""")


@dataclass(slots=True)
class Held:
    """The last ruling about a person for one check, and what the check is to count by it."""

    ruling_id: str
    settings: dict[str, str]


@dataclass(slots=True)
class Rulings:
    """The rulings about the persons of a batch."""

    held: dict[Person, dict[str, Held]] = field(default_factory=dict)
    changed: set[tuple[str, str, str]] = field(default_factory=set)

    def settings(self, customer_id: str, entity_id: str) -> dict[str, dict[str, str]]:
        """What each check is to count of a person, by its name."""
        about = self.held.get((customer_id, entity_id), {})
        return {check: one.settings for check, one in about.items() if one.settings}

    def decide(self, data: RulingRequested) -> RulingChanged:
        """Take a ruling; one that was made on another than holds is refused."""
        about = self.held.setdefault((data.customerId, data.entityId), {})
        before = about.get(data.check)
        refusal = None
        if (before.ruling_id if before else None) != data.standsOn:
            refusal = "something else was decided meanwhile"
        else:
            about[data.check] = Held(data.rulingId, data.settings)
            self.changed.add((data.customerId, data.entityId, data.check))
        return RulingChanged(
            **data.model_dump(exclude={"requestedBy", "requestedAt"}),
            changedBy=data.requestedBy,
            changedAt=data.requestedAt,
            previous=before.settings if before else {},
            refusal=refusal,
        )


async def load(connection: AsyncConnection, events: Iterable[Event]) -> Rulings:
    """The rulings about the persons whom executions start on, or about whom something is decided."""
    persons = {
        (event.data.customerId, event.data.entityId)
        for event in events
        if isinstance(event.data, EntityOnboarded | WorkflowRequested | MonitoringAlerted | RulingRequested)
    }
    rulings = Rulings()
    if persons:
        for row in await connection.execute(_HELD, _columns(persons)):
            about = rulings.held.setdefault((row.customer_id, row.entity_id), {})
            about[row.check_name] = Held(row.ruling_id, orjson.loads(row.settings))
    return rulings


async def save(connection: AsyncConnection, rulings: Rulings) -> None:
    """Write what was decided."""
    for customer_id, entity_id, check in sorted(rulings.changed):
        held = rulings.held[customer_id, entity_id][check]
        row = {"customer": customer_id, "entity": entity_id, "check": check, "ruling": held.ruling_id}
        await connection.execute(_KEEP, {**row, "settings": orjson.dumps(held.settings).decode()})


def _columns(persons: Collection[Person]) -> dict[str, Any]:
    customers, entities = zip(*persons, strict=True)
    return {"customers": list(customers), "entities": list(entities)}
