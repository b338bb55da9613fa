"""What is particular to one kind of deliveries: where they stand, how they are signed, what their receivers answer."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from libs.delivery.attempts import Log
from libs.delivery.measures import Measures
from libs.delivery.outgoing import Outgoing
from libs.delivery.retrying import Answers, Next
from libs.delivery.sending import Answer


class Kind:
    """A kind of deliveries, as who delivers them needs it."""

    answers: Answers
    log: Log
    measures: Measures
    places: int = 4
    """How many of one receiver are under way at a time."""

    async def claim(self, connection: AsyncConnection, busy: Mapping[str, int], now: datetime) -> Sequence[Outgoing]:
        """Deliveries that are due, no other instance's until the lease is over; `busy` counts those of each receiver
        that are under way here."""
        raise NotImplementedError

    async def headers(self, engine: AsyncEngine, delivery: Outgoing, now: datetime) -> Mapping[str, str]:
        """What a delivery is sent with beside its body: the signatures among it."""
        raise NotImplementedError

    async def tried(
        self, connection: AsyncConnection, delivery: Outgoing, answer: Answer, next: Next, now: datetime
    ) -> None:
        """Note an attempt and what follows from it."""
        await self.log.tried(connection, delivery.id, answer, next, now)
