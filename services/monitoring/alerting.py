"""Raising an alert about a person who is watched."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from libs.events.codec import encode
from libs.events.message import Event
from libs.events.models import MonitoringAlerted
from libs.store import outbox
from services.monitoring import store
from services.monitoring.service import Monitoring
from services.monitoring.watched import Person

REPORTED = "REPORTED"


class NotWatched(LookupError):
    """Nobody has asked that this person be watched for this."""


async def report(
    connection: AsyncConnection, person: Person, type: str, reason: str, by: str, alert_id: str, now: datetime
) -> None:
    """Raise an alert that somebody reports, in the caller's transaction; raises NotWatched.

    It stands in the outbox, from where a running instance sends it.
    """
    await store.lock(connection, [person])
    known = await store.subscriber(connection, person, type)
    if known is None:
        raise NotWatched(f"{person[1]} of customer {person[0]} is not watched for {type}")
    alert = MonitoringAlerted(
        alertId=alert_id,
        customerId=person[0],
        entityId=person[1],
        entityVersion=known.entity_version,
        individual=known.individual,
        monitoringType=type,
        kind=REPORTED,
        reason=reason,
        requestedBy=by,
        raisedAt=now,
    )
    await store.note(connection, alert)
    key = f"{alert.customerId}:{alert.entityId}"
    event = Event(alert.alertId, "monitoring.alerted", Monitoring.group, now, key, alert)
    await outbox.write(connection, [encode(event)], now)
