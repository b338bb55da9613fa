"""The projection as a stateful consumer: folds batches of events into its tables."""

from collections.abc import Sequence

from libs.events.message import Event
from libs.streaming.consumer import Handler
from libs.streaming.transaction import Transaction
from services.results import store, tables
from services.results.fold import TOPICS, fold
from services.results.webhooks.raising import Raising


class Results(Handler):
    """Folds what was asked, what happened and what was amended into the tables of one schema."""

    group = "results"
    topics = TOPICS
    linger = 0.2  # no workflow waits for the projection

    def __init__(self, schema: str = tables.LIVE, raising: Raising | None = None) -> None:
        """Nobody is told of anything without `raising`: what is folded again is no news."""
        self._schema = schema
        self._raising = raising

    async def apply(self, tx: Transaction, events: Sequence[Event]) -> None:
        """One batch, in the caller's transaction."""
        await store.lock(tx.connection, self._schema, events)
        rows = await store.load(tx.connection, self._schema, events)
        before = await self._raising.begin(tx.connection, rows, events) if self._raising else None
        for event in events:
            fold(rows, event)
        if self._raising and before:
            await self._raising.end(tx.connection, before, rows, events, tx.now)
        await store.save(tx.connection, self._schema, rows)
