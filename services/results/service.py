"""The projection as a stateful consumer: folds batches of events into its tables."""

from collections.abc import Sequence

from libs.events.message import Event
from libs.streaming.consumer import Handler
from libs.streaming.transaction import Transaction
from services.results import judging, store, tables
from services.results.fold import TOPICS, fold
from services.results.policy import AmendmentPolicy
from services.results.webhooks.raising import Raising


class Results(Handler):
    """Folds what was asked, what happened and what was amended into the tables of one schema."""

    group = "results"
    topics = TOPICS
    linger = 0.2  # no workflow waits for the projection

    def __init__(
        self, schema: str = tables.LIVE, policy: AmendmentPolicy | None = None, raising: Raising | None = None
    ) -> None:
        """Without a policy nothing is judged again, without `raising` nobody is told: a rebuild is no news."""
        self._schema = schema
        self._policy = policy
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
        if self._policy is not None:
            await judging.request(tx, rows, events, self._policy)
