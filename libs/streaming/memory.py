"""A broker in memory with Kafka's contract: partitioned logs, consumer groups, positions. For tests of whole flows."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from aiokafka.partitioner import murmur2

from libs.events.catalogue import topics as catalogue
from libs.events.message import Message, Partition
from libs.streaming.ports import Assigned


class MemoryBroker:
    """Logs by partition, and the groups that read them."""

    def __init__(self, partitions: Mapping[str, int] | None = None) -> None:
        self._count = partitions or {name: topic.partitions for name, topic in catalogue().items()}
        self.logs: dict[Partition, list[Message]] = defaultdict(list)
        self._groups: dict[str, list[MemoryConsumer]] = defaultdict(list)
        self._committed: dict[str, dict[Partition, int]] = defaultdict(dict)

    def producer(self) -> "MemoryProducer":
        return MemoryProducer(self)

    def consumer(self, group: str, topics: Sequence[str]) -> "MemoryConsumer":
        return MemoryConsumer(self, group, topics)

    async def ends(self, topics: Sequence[str]) -> dict[Partition, tuple[int, int]]:
        return {one: (0, len(self.logs[one])) for one in self.partitions(topics)}

    async def read(self, partition: Partition, start: int, end: int) -> list[Message]:
        return self.logs[partition][start:end]

    async def offset_at(self, partition: Partition, time: datetime) -> int:
        """Of the first record of this time or later; the log's end where there is none."""
        log, since = self.logs[partition], int(time.timestamp() * 1000)
        return next((message.offset for message in log if message.timestamp >= since), len(log))

    async def committed(self, groups: Sequence[str]) -> dict[str, dict[Partition, int]]:
        return {group: dict(self._committed[group]) for group in groups}

    def note_committed(self, group: str, offsets: Mapping[Partition, int]) -> None:
        """How far a group says that it has come."""
        self._committed[group].update(offsets)

    def partitions(self, topics: Sequence[str]) -> list[Partition]:
        """Every partition of these topics; raises KeyError for a topic that does not exist."""
        return [Partition(topic, number) for topic in topics for number in range(self._count[topic])]

    def append(self, message: Message) -> Message:
        """Put a record at the end of its key's partition."""
        number = (murmur2(message.key or b"") & 0x7FFFFFFF) % self._count[message.topic]
        log = self.logs[Partition(message.topic, number)]
        stored = replace(message, partition=number, offset=len(log))
        log.append(stored)
        return stored

    async def join(self, consumer: "MemoryConsumer") -> None:
        self._groups[consumer.group].append(consumer)
        await self._rebalance(consumer.group)

    async def leave(self, consumer: "MemoryConsumer") -> None:
        if consumer in self._groups[consumer.group]:
            self._groups[consumer.group].remove(consumer)
            await self._rebalance(consumer.group)

    async def _rebalance(self, group: str) -> None:
        """Share the partitions by number: those of one number meet in one instance, as with the range assignor."""
        members = self._groups[group]
        for index, member in enumerate(members):
            mine = [one for one in self.partitions(member.topics) if one.number % len(members) == index]
            await member.assign(mine)


class MemoryProducer:
    """Appends at once."""

    def __init__(self, broker: MemoryBroker) -> None:
        self._broker = broker

    async def start(self) -> None:
        """Nothing to connect to."""

    async def stop(self) -> None:
        """Nothing to close."""

    async def send(self, messages: Sequence[Message]) -> list[Message]:
        return [self._broker.append(message) for message in messages]


class MemoryConsumer:
    """One instance of a group."""

    def __init__(self, broker: MemoryBroker, group: str, topics: Sequence[str]) -> None:
        self.group = group
        self.topics = tuple(topics)
        self._broker = broker
        self._positions: dict[Partition, int] = {}
        self._assigned: Assigned | None = None
        self._turn = 0

    async def start(self, assigned: Assigned) -> None:
        self._assigned = assigned
        await self._broker.join(self)

    async def stop(self) -> None:
        await self._broker.leave(self)

    async def assign(self, partitions: Sequence[Partition]) -> None:
        assert self._assigned is not None
        starts = await self._assigned(partitions)
        self._positions = {one: starts.get(one, 0) for one in partitions}

    async def poll(self, at_most: int, wait: float) -> list[Message]:
        """Records from each partition in turn, so that a full one does not starve the rest; never waits."""
        self._turn += 1
        order = list(self._positions)
        order = order[self._turn % len(order) :] + order[: self._turn % len(order)] if order else []
        polled: list[Message] = []
        for partition in order:
            start = self._positions[partition]
            found = self._broker.logs[partition][start : start + at_most - len(polled)]
            self._positions[partition] = start + len(found)
            polled += found
        return polled

    def assignment(self) -> frozenset[Partition]:
        return frozenset(self._positions)

    def ends(self) -> dict[Partition, int]:
        return {one: len(self._broker.logs[one]) for one in self._positions}

    def seek(self, partition: Partition, offset: int) -> None:
        self._positions[partition] = offset

    async def commit(self, offsets: Mapping[Partition, int]) -> None:
        """Offsets on the broker are for lag displays only."""
        self._broker.note_committed(self.group, offsets)
