"""The customer's side of the topics: an ordinary producer of onboardings and of list entries."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from uuid import uuid4

from libs.embedded.sample.people import CUSTOMER, SamplePerson
from libs.events.codec import encode
from libs.events.message import Event, Message
from libs.events.models import EntityOnboarded, MatchlistEntryPublished
from libs.streaming.kafka import KafkaBroker

SOURCE = "sample"


def publish(bootstrap: str, events: Iterable[Event]) -> None:
    """Returns once every event is safely on the broker."""
    asyncio.run(_send(bootstrap, [encode(event) for event in events]))


async def _send(bootstrap: str, messages: Sequence[Message]) -> None:
    producer = KafkaBroker(bootstrap).producer()
    await producer.start()
    try:
        await producer.send(messages)
    finally:
        await producer.stop()


def onboarded(person: SamplePerson) -> Event:
    """The person is taken on; the second of it is a version above that of any earlier run."""
    now = datetime.now(UTC)
    return Event(
        id=str(uuid4()),
        topic="entity.onboarded",
        source=SOURCE,
        time=now,
        key=f"{CUSTOMER}:{person.entityId}",
        data=EntityOnboarded(
            customerId=CUSTOMER,
            entityId=person.entityId,
            entityVersion=int(now.timestamp()),
            individual=person.individual,
            requestedBy=SOURCE,
        ),
    )


def listed(entry: MatchlistEntryPublished) -> Event:
    """An entry of one of the customer's lists, as it is now."""
    return Event(
        id=str(uuid4()),
        topic="matchlist.entry.published",
        source=SOURCE,
        time=datetime.now(UTC),
        key=f"{entry.customerId}:{entry.matchlistId}:{entry.entryId}",
        data=entry,
    )
