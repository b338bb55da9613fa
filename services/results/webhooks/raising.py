"""Notices raised in the projection's own transaction: who is told and then asks sees what they were told of."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.events.message import Event
from services.results.rows import ExecutionRow, Rows
from services.results.store import quoted
from services.results.webhooks import notices, store
from services.results.webhooks.notices import Before, Standing

# Of each person and service the status of the last end, and the last level of risk.
_STANDINGS = """
    SELECT p.customer_id, p.entity_id, p.service_name,
           (SELECT e.status FROM {schema}.executions e WHERE e.customer_id = p.customer_id AND e.entity_id = p.entity_id
              AND e.service_name IS NOT DISTINCT FROM p.service_name AND e.ended_at IS NOT NULL
              AND NOT e.workflow ? 'parentExecutionId' ORDER BY e.ended_at DESC LIMIT 1) AS status,
           (SELECT e.risk ->> 'riskLevel' FROM {schema}.executions e
            WHERE e.customer_id = p.customer_id AND e.entity_id = p.entity_id
              AND e.service_name IS NOT DISTINCT FROM p.service_name AND jsonb_typeof(e.risk) = 'object'
              AND NOT e.workflow ? 'parentExecutionId' ORDER BY e.updated_at DESC LIMIT 1) AS risk
    FROM unnest(CAST(:customers AS text[]), CAST(:entities AS text[]), CAST(:services AS text[]))
      AS p(customer_id, entity_id, service_name)"""


class Raising:
    """Before and after a batch is folded; where no customer of the batch has a webhook, it costs one look-up."""

    def __init__(self, schema: str) -> None:
        self._standings = text(_STANDINGS.format(schema=quoted(schema)))

    async def begin(self, connection: AsyncConnection, rows: Rows, events: Iterable[Event]) -> Before | None:
        """What is known before the fold of those who are to be told; None where nobody is."""
        customers = {customer for event in events if (customer := getattr(event.data, "customerId", None))}
        heard = await store.heard(connection, customers) if customers else frozenset()
        return notices.before(rows, heard) if heard else None

    async def end(
        self, connection: AsyncConnection, known: Before, rows: Rows, events: Sequence[Event], now: datetime
    ) -> None:
        """Keep what is to be told, before the rows are saved."""
        standings = await self._stood(connection, notices.changed(known, rows))
        told = notices.notices(known, rows, standings, _causes(events))
        await store.raise_all(connection, told, now)

    async def _stood(
        self, connection: AsyncConnection, executions: Sequence[ExecutionRow]
    ) -> Mapping[tuple[str, str, str | None], Standing]:
        persons = list({(row.customer_id, row.entity_id, row.service_name) for row in executions})
        if not persons:
            return {}
        customers, entities, services = (list(column) for column in zip(*persons, strict=True))
        asked = {"customers": customers, "entities": entities, "services": services}
        return {(*row[:3],): Standing(*row[3:]) for row in await connection.execute(self._standings, asked)}


def _causes(events: Sequence[Event]) -> dict[str, Event]:
    """The last event of each execution, by its id, and of each person, by customer/entity."""
    found: dict[str, Event] = {}
    for event in events:
        data = event.data
        if execution := getattr(data, "workflowExecutionId", None):
            found[execution] = event
        elif hasattr(data, "individual"):
            found[f"{data.customerId}/{data.entityId}"] = event  # type: ignore[attr-defined]
    return found
