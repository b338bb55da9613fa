"""Webhooks as a kind of deliveries: where they stand, their signatures, and the answers that the contract knows."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from libs.delivery import signing
from libs.delivery.kind import Kind
from libs.delivery.measures import Measures
from libs.delivery.outgoing import Outgoing
from libs.delivery.retrying import Answers
from services.results.webhooks import store

MEASURES = Measures("webhook")
# The contract: these acknowledge, and this ends the retries.
ANSWERS = Answers(acknowledge=frozenset({200, 202}), refuse=frozenset({400}))


class Webhooks(Kind):
    """Signed by the keys of each webhook that hold, which follow from the master key."""

    answers = ANSWERS
    log = store.LOG
    measures = MEASURES

    def __init__(self, master: bytes) -> None:
        self._master = master

    async def claim(self, connection: AsyncConnection, busy: Mapping[str, int], now: datetime) -> Sequence[Outgoing]:
        return await store.claim(connection, busy, self.places, now)

    async def headers(self, engine: AsyncEngine, delivery: Outgoing, now: datetime) -> Mapping[str, str]:
        async with engine.connect() as connection:
            key_ids = await store.key_ids(connection, delivery.receiver, now)
        secrets = [signing.secret(self._master, delivery.receiver, key_id) for key_id in key_ids]
        signed = signing.headers(secrets, delivery.notification_id, now, delivery.body)
        return {"user-agent": "vetstream-webhooks", **signed}
