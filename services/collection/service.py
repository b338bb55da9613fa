"""Collection as a stateful service: what review tells of a case reaches the applicant's collection."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from libs.events.message import Event, Message
from libs.events.models import CaseChanged
from libs.store import outbox
from libs.streaming.consumer import Handler
from libs.streaming.ports import Clock, Producer
from libs.streaming.transaction import Transaction
from services.collection import store
from services.collection.deciding import learn

GROUP = "collection"


class CollectionHandler(Handler):
    """Takes in the changes of cases."""

    group = GROUP
    topics = ("case.changed",)

    def subject(self, event: Event) -> str:
        """The person."""
        return event.key

    async def apply(self, tx: Transaction, events: Sequence[Event]) -> None:
        """Each change in its order; of persons who were taken on another way nothing is kept."""
        for event in events:
            data = event.data
            if not isinstance(data, CaseChanged):
                continue
            one = await store.load_of(tx.connection, data.customerId, data.entityId)
            if one is not None and learn(one, data):
                await store.save(tx.connection, one, tx.now)


@dataclass(slots=True)
class Telling:
    """Sends what a page's transaction wrote into the outbox, right after it; what is not sent here is swept later."""

    engine: AsyncEngine
    producer: Producer
    clock: Clock

    async def write(self, connection: AsyncConnection, messages: Sequence[Message]) -> list[int]:
        """Within the transaction."""
        return await outbox.write(connection, messages, self.clock())

    async def send(self, rows: Sequence[int], messages: Sequence[Message]) -> None:
        """After it."""
        if messages:
            await self.producer.send(messages)
            async with self.engine.begin() as connection:
                await outbox.mark_sent(connection, rows)
