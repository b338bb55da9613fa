"""What is read of the topics: the stories of executions, and the events that asked for them."""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

import orjson
from aiokafka.partitioner import murmur2

from libs.asl import InvalidDefinition, Machine
from libs.audit.case import Case, NoCase, Row
from libs.events.codec import Undecodable, decode
from libs.events.message import Event, Message, derived_id
from libs.events.models import EntityOnboarded, WorkflowProgressed, WorkflowPublished, WorkflowRequested
from libs.streaming.ports import Broker

BATCH = 2_000
# How far the time of a record on a topic may be from the times that its events tell.
APART = timedelta(minutes=10)
ASKED = ("entity.onboarded", "workflow.requested")
PROGRESSED, PUBLISHED, AMENDED = "workflow.progressed", "workflow.published", "results.amended"


class Stories:
    """What the topics hold of some executions."""

    def __init__(self, executions: Collection[Row]) -> None:
        self._executions = {str(one["execution_id"]): one for one in executions}
        self._chapters: dict[str, dict[int, WorkflowProgressed]] = {id: {} for id in self._executions}
        self._begun: dict[str, Event] = {}

    async def read(self, broker: Broker) -> None:
        """Read from the time of the first execution on; what is missing then, from the beginning."""
        since = min((one["started_at"] for one in self._executions.values()), default=None)
        if since is None:
            return
        keys = {f"{one['customer_id']}:{one['entity_id']}" for one in self._executions.values()}
        for topics, missing in ((ASKED, self._without_begin), ((PROGRESSED,), self._without_end)):
            await self._read(_records(broker, topics, since - APART, keys), missing)
            if missing():  # a producer may choose partitions and tell times as it likes
                await self._read(_records(broker, topics), missing)

    def case(self, id: str, definition: Mapping[str, Any] | None) -> Case:
        """The case of an execution; raises NoCase where part of it is not on the topics."""
        one, chapters = self._executions[id], self._chapters[id]
        if id not in self._begun:
            raise NoCase(f"the event that asked for execution {id} is on none of {', '.join(ASKED)}")
        if sorted(chapters) != list(range(1, one["sequence"] + 1)):
            raise NoCase(f"{PROGRESSED} has {len(chapters)} of the {one['sequence']} steps of execution {id}")
        story = tuple(chapters[number] for number in sorted(chapters))
        return Case(one, self._begun[id], story, definition)

    def _without_begin(self) -> set[str]:
        return self._executions.keys() - self._begun.keys()

    def _without_end(self) -> set[str]:
        return {id for id, one in self._executions.items() if len(self._chapters[id]) < one["sequence"]}

    async def _read(self, records: AsyncIterator[list[Message]], missing: Callable[[], set[str]]) -> None:
        async for messages in records:
            for message in messages:
                self._take(message)
            if not missing():
                return

    def _take(self, message: Message) -> None:
        if message.topic == PROGRESSED:
            if _header(message, "correlationid") in self._executions:
                self._chapter(_decoded(message))
            return
        event = _decoded(message)
        if event is not None and isinstance(event.data, EntityOnboarded | WorkflowRequested):
            id = derived_id(event.id, "orchestration", "execution")
            if id in self._executions:
                self._begun.setdefault(id, event)

    def _chapter(self, event: Event | None) -> None:
        if event is not None and isinstance(event.data, WorkflowProgressed):
            self._chapters[event.data.workflowExecutionId].setdefault(event.data.sequence, event.data)


async def definitions(broker: Broker) -> dict[str, Mapping[str, Any]]:
    """The definitions that were published and are still on their topic, by hash."""
    found: dict[str, Mapping[str, Any]] = {}
    async for messages in _records(broker, (PUBLISHED,)):
        for event in map(_decoded, messages):
            if event is not None and isinstance(event.data, WorkflowPublished):
                found[event.data.definitionHash] = orjson.loads(event.data.definition)
    return found


async def amendments(broker: Broker, execution: Row) -> list[dict[str, Any]]:
    """What people amended of an execution, as they sent it, the earliest first."""
    found = {}
    async for messages in _records(broker, (AMENDED,), execution["started_at"] - APART):
        for event in map(_decoded, messages):
            data = event.data.model_dump(mode="json") if event is not None else {}
            if data.get("workflowExecutionId") == execution["execution_id"]:
                found[data["amendmentId"]] = data
    return sorted(found.values(), key=lambda data: str(data["amendedAt"]))


def machine_of(case: Case) -> Machine:
    """The machine that an execution ran; raises NoCase where its definition is not to be had."""
    if case.definition is None:
        raise NoCase(f"the definition {case.definition_hash} is not on {PUBLISHED} any more: give it with --definition")
    try:
        machine = Machine.load(case.definition)
    except InvalidDefinition as invalid:
        raise NoCase(f"the definition given is none: {invalid}") from None
    if machine.content_hash != case.definition_hash:
        raise NoCase(f"execution {case.id} ran the definition {case.definition_hash}, not {machine.content_hash}")
    return machine


async def _records(
    broker: Broker, topics: Collection[str], since: datetime | None = None, keys: Collection[str] | None = None
) -> AsyncIterator[list[Message]]:
    """The records of topics, partition by partition: from a time on, and of the partitions that keys belong to."""
    ends = await broker.ends(list(topics))
    count = Counter(partition.topic for partition in ends)
    for partition, (start, end) in ends.items():
        if keys is not None and partition.number not in {_partition(key, count[partition.topic]) for key in keys}:
            continue
        if start < end and since is not None:
            start = await broker.offset_at(partition, since)
        for begin in range(start, end, BATCH):
            yield await broker.read(partition, begin, min(begin + BATCH, end))


def _partition(key: str, count: int) -> int:
    """As Java's client and ours choose it."""
    return int(murmur2(key.encode()) & 0x7FFFFFFF) % count


def _decoded(message: Message) -> Event | None:
    """What cannot be decoded is a dead letter, and no part of any case."""
    try:
        return decode(message)
    except Undecodable:
        return None


def _header(message: Message, name: str) -> str:
    return next((value.decode() for key, value in message.headers if key == name and value), "")
