"""The records of an execution on Kafka: where each lies, what it is and what it follows from."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from aiokafka.partitioner import murmur2

from libs.events.catalogue import topics
from libs.events.message import Message, Partition, derived_id
from libs.streaming.ports import Broker
from services.review.console.results_api import Json, Place

KEY = "customerId:entityId"
ASKED = ("entity.onboarded", "workflow.requested", "monitoring.alerted")
# How far the time of a record may be from the times that the execution tells.
APART = timedelta(minutes=2)
MOST = 20_000  # records that are looked at in one partition
AT_ONCE = 6  # each opens a connection


@dataclass(frozen=True, slots=True)
class Record:
    """One record; its value is not shown."""

    topic: str
    place: str
    time: datetime
    id: str
    causation: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Found:
    """The records in the order of their times; `partial` where not all that might be of it were looked at."""

    records: Sequence[Record]
    partial: bool


async def records_of(broker: Broker, customer: str, execution: Json, at: Place) -> Found:
    """Those that are correlated with an execution, and the one that asked for it."""
    since = datetime.fromisoformat(execution["startedAt"]) - APART if "startedAt" in execution else None
    ended = datetime.fromisoformat(execution["endedAt"]) + APART if execution.get("endedAt") else None
    free = asyncio.Semaphore(AT_ONCE)

    async def read(place: Partition, span: tuple[int, int]) -> tuple[list[Message], bool]:
        async with free:
            start = await broker.offset_at(place, since) if since else span[0]
            end = await broker.offset_at(place, ended) if ended else span[1]
            until = min(end, start + MOST)
            return (await broker.read(place, start, until) if start < until else []), until < end

    places = await _places(broker, customer, at.entity)
    several = await asyncio.gather(*(read(place, span) for place, span in places.items()))
    mine = [_record(one) for messages, _ in several for one in messages if _of(one, at.execution)]
    return Found(sorted(mine, key=lambda one: (one.time, one.topic)), any(partial for _, partial in several))


async def _places(broker: Broker, customer: str, entity: str) -> dict[Partition, tuple[int, int]]:
    """The partitions of a person's records that hold any."""
    named = [topic.name for topic in topics().values() if topic.key == KEY and not topic.name.startswith("dlq.")]
    ends = await broker.ends(named)
    count = Counter(place.topic for place in ends)
    hashed = murmur2(f"{customer}:{entity}".encode()) & 0x7FFFFFFF
    return {
        place: span for place, span in ends.items() if span[0] < span[1] and place.number == hashed % count[place.topic]
    }


def _of(message: Message, execution: str) -> bool:
    """It tells its execution in a header; what asked for the execution gave it its id."""
    if _header(message, "correlationid") == execution:
        return True
    return message.topic in ASKED and derived_id(_header(message, "ce_id"), "orchestration", "execution") == execution


def _record(message: Message) -> Record:
    return Record(
        message.topic,
        f"{message.partition}/{message.offset}",
        datetime.fromtimestamp(message.timestamp / 1000, UTC),
        _header(message, "ce_id"),
        _header(message, "causationid"),
        len(message.value or b""),
    )


def _header(message: Message, name: str) -> str:
    return next((value.decode(errors="replace") for key, value in message.headers if key == name and value), "")
