"""Notifications as a kind of deliveries: to which endpoint, signed by which keys, and what its answers mean."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from libs.delivery import signing
from libs.delivery.attempts import ENDED
from libs.delivery.kind import Kind
from libs.delivery.measures import Measures
from libs.delivery.outgoing import Outgoing
from libs.delivery.retrying import Answers, Next
from libs.delivery.sending import Answer
from services.notifications import store
from services.notifications.endpoints import Endpoint, Endpoints

MEASURES = Measures("notification")
# Its own words are not taken, however often they are sent: too large, or not what was agreed on.
ANSWERS = Answers(acknowledge=frozenset(range(200, 300)), refuse=frozenset({400, 413, 422}))
USER_AGENT = "vetstream-notifications"
SERVICE = "notifications"
NOBODY = "no endpoint is configured for the customer and the purpose"


def secret(master: bytes, endpoint: Endpoint, key: str) -> bytes:
    """What one key of an endpoint signs with."""
    return signing.secret(master, f"{SERVICE}/{endpoint.name}", key)


class Deliveries(Kind):
    """To the endpoints of the operator's document; what is for none of them is parked."""

    answers = ANSWERS
    log = store.LOG
    measures = MEASURES
    places = 8

    def __init__(self, master: bytes, endpoints: Endpoints) -> None:
        self._master = master
        self._endpoints = endpoints

    async def claim(self, connection: AsyncConnection, busy: Mapping[str, int], now: datetime) -> Sequence[Outgoing]:
        to, nobody = {}, []
        for pair in await store.due(connection, now):
            endpoint = self._endpoints.of(*pair)
            if endpoint is None:
                nobody.append(pair)
            else:
                to[pair] = endpoint.name
        if nobody:
            parked = await store.park(connection, nobody, now)
            await store.change(connection, parked, "PARKED", SERVICE, now, Answer(None, NOBODY, 0.0))
        free = {name: self.places - busy.get(name, 0) for name in to.values()}
        return [self._outgoing(row) for row in await store.claim(connection, to, free, now)]

    def _outgoing(self, row: store.Row) -> Outgoing:
        endpoint = self._endpoints.named(row["endpoint"])
        assert endpoint is not None
        same = ("id", "body", "traceparent", "attempts", "tried_since")
        known = {name: row[name] for name in same}
        return Outgoing(receiver=endpoint.name, url=endpoint.url, notification_id=row["id"], **known)

    async def headers(self, engine: AsyncEngine, delivery: Outgoing, now: datetime) -> Mapping[str, str]:
        endpoint = self._endpoints.named(delivery.receiver)
        assert endpoint is not None
        secrets = [secret(self._master, endpoint, key) for key in endpoint.keys]
        signed = signing.headers(secrets, delivery.notification_id, now, delivery.body)
        return {"user-agent": USER_AGENT, "idempotency-key": delivery.notification_id, **signed}

    async def tried(
        self, connection: AsyncConnection, delivery: Outgoing, answer: Answer, next: Next, now: datetime
    ) -> None:
        if await self.log.tried(connection, delivery.id, answer, next, now) and next.state in ENDED:
            await store.change(connection, [str(delivery.id)], next.state, SERVICE, now, answer)
