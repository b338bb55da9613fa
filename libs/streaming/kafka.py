"""Kafka by aiokafka: idempotent producers that wait for all replicas, consumers that keep their offsets elsewhere."""

import asyncio
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRebalanceListener, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.errors import CommitFailedError, IllegalStateError, TopicAlreadyExistsError
from aiokafka.partitioner import murmur2

from libs.events.catalogue import Topic
from libs.events.message import Message, Partition
from libs.streaming.ports import Assigned

SESSION_MS = 8_000
LARGEST_RECORD = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class KafkaBroker:
    """The brokers at `bootstrap`, host:port separated by commas."""

    bootstrap: str

    def producer(self) -> "KafkaProducer":
        return KafkaProducer(self.bootstrap)

    def consumer(self, group: str, topics: Sequence[str]) -> "KafkaConsumer":
        return KafkaConsumer(self.bootstrap, group, topics)

    async def ends(self, topics: Sequence[str]) -> dict[Partition, tuple[int, int]]:
        """First and next offset of every partition of these topics."""
        partitions = await _partitions(self.bootstrap, topics)
        async with _reader(self.bootstrap) as reader:
            starts = await reader.beginning_offsets(partitions)
            ends = await reader.end_offsets(partitions)
        return {Partition(one.topic, one.partition): (starts[one], ends[one]) for one in partitions}

    async def read(self, partition: Partition, start: int, end: int) -> list[Message]:
        """The records from `start` up to before `end`, of those that are still there."""
        found: list[Message] = []
        async with _reader(self.bootstrap) as reader:
            here = TopicPartition(*partition)
            reader.assign([here])
            reader.seek(here, start)
            while await reader.position(here) < end:
                batches = await reader.getmany(here, timeout_ms=1000)
                found += [_message(record) for record in batches.get(here, ()) if record.offset < end]
        return found

    async def offset_at(self, partition: Partition, time: datetime) -> int:
        """Of the first record of this time or later; the log's end where there is none."""
        here = TopicPartition(*partition)
        async with _reader(self.bootstrap) as reader:
            found = (await reader.offsets_for_times({here: int(time.timestamp() * 1000)}))[here]
            return int(found.offset if found is not None else (await reader.end_offsets([here]))[here])

    async def committed(self, groups: Sequence[str]) -> dict[str, dict[Partition, int]]:
        """The next offset of each partition that each group has told of, for lag displays."""
        admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap)
        await admin.start()
        try:
            found = await asyncio.gather(*map(admin.list_consumer_group_offsets, groups))
        finally:
            await admin.close()
        return {
            group: {Partition(*one): int(at.offset) for one, at in told.items() if at.offset >= 0}
            for group, told in zip(groups, found, strict=True)
        }


class KafkaProducer:
    """An idempotent producer; `linger_ms` 0 sends at once what is there."""

    def __init__(self, bootstrap: str) -> None:
        self._bootstrap = bootstrap
        self._producer: AIOKafkaProducer | None = None

    async def start(self) -> None:
        self._producer = AIOKafkaProducer(
            bootstrap_servers=self._bootstrap,
            acks="all",
            enable_idempotence=True,
            linger_ms=0,
            # What one transaction wrote goes out in one request: with small batches each would wait for the one before.
            max_batch_size=1024 * 1024,
            max_request_size=LARGEST_RECORD,
        )
        await self._producer.start()

    async def stop(self) -> None:
        if self._producer is not None:
            await self._producer.stop()

    async def send(self, messages: Sequence[Message]) -> list[Message]:
        """Returns when all are with the broker; those of one partition keep their order."""
        partitions = {topic: await self._partitions(topic) for topic in {message.topic for message in messages}}
        places = [Partition(m.topic, _place(m.key, partitions[m.topic])) for m in messages]
        batches: dict[Partition, list[Message]] = defaultdict(list)
        for place, message in zip(places, messages, strict=True):
            batches[place].append(message)
        sent = await asyncio.gather(*(self._send(place, batch) for place, batch in batches.items()))
        stored = {place: iter(batch) for place, batch in zip(batches, sent, strict=True)}
        return [next(stored[place]) for place in places]

    async def _partitions(self, topic: str) -> list[int]:
        assert self._producer is not None, "send before start"
        return sorted(await self._producer.partitions_for(topic))

    async def _send(self, place: Partition, messages: Sequence[Message]) -> list[Message]:
        """The records of one partition in batches that we make: one future for each instead of one a record."""
        assert self._producer is not None
        if len(messages) == 1:  # others may be sending one at this moment: the client gathers them
            return [await self._send_one(place, messages[0])]
        stored: list[Message] = []
        while len(stored) < len(messages):
            batch, added = self._producer.create_batch(), []
            for m in messages[len(stored) :]:
                headers = [(name, value or b"") for name, value in m.headers]
                metadata = batch.append(timestamp=None, key=m.key, value=m.value, headers=headers)
                if metadata is None:  # it is full
                    break
                added.append((m, metadata))
            batch.close()
            at = await (await self._producer.send_batch(batch, place.topic, partition=place.number))
            stored += [
                Message(m.topic, m.key, m.value, m.headers, place.number, at.offset + one.offset, one.timestamp)
                for m, one in added
            ]
        return stored

    async def _send_one(self, place: Partition, m: Message) -> Message:
        assert self._producer is not None
        headers = [(name, value or b"") for name, value in m.headers]
        sent = await self._producer.send(m.topic, m.value, m.key, partition=place.number, headers=headers)
        at = await sent
        return Message(m.topic, m.key, m.value, m.headers, place.number, at.offset, at.timestamp)


def _place(key: bytes | None, partitions: Sequence[int]) -> int:
    """The partition of a key as Java's client chooses it; any where there is none."""
    return random.choice(partitions) if key is None else partitions[_hash(key) % len(partitions)]


@lru_cache(maxsize=4096)
def _hash(key: bytes) -> int:
    """All of an execution has one key, and the client's own function is written in Python."""
    return int(murmur2(key)) & 0x7FFFFFFF


class KafkaConsumer(ConsumerRebalanceListener):  # type: ignore[misc]
    """One instance of a group; on assignment it goes where its owner says, not where Kafka's own offset is."""

    def __init__(self, bootstrap: str, group: str, topics: Sequence[str]) -> None:
        self._bootstrap, self._group, self._topics = bootstrap, group, topics
        self._consumer: AIOKafkaConsumer | None = None
        self._assigned: Assigned | None = None
        self._failure: BaseException | None = None

    async def start(self, assigned: Assigned) -> None:
        self._assigned = assigned
        self._consumer = AIOKafkaConsumer(
            bootstrap_servers=self._bootstrap,
            group_id=self._group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            partition_assignment_strategy=(RangePartitionAssignor,),
            session_timeout_ms=SESSION_MS,
            heartbeat_interval_ms=SESSION_MS // 4,
            max_poll_interval_ms=60_000,
            max_partition_fetch_bytes=LARGEST_RECORD,
            fetch_max_wait_ms=200,
        )
        await self._consumer.start()
        self._consumer.subscribe(topics=list(self._topics), listener=self)

    async def stop(self) -> None:
        if self._consumer is not None:
            await self._consumer.stop()

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        """Nothing to hand over: what was applied is in the database."""

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        assert self._assigned is not None
        assert self._consumer is not None
        partitions = [Partition(one.topic, one.partition) for one in sorted(assigned)]
        try:
            starts = await self._assigned(partitions)
            for partition in partitions:
                if partition in starts:
                    self._consumer.seek(TopicPartition(*partition), starts[partition])
                else:
                    await self._consumer.seek_to_beginning(TopicPartition(*partition))
        except BaseException as error:  # aiokafka only logs what a listener raises: kept for the next poll
            self._failure = error

    async def poll(self, at_most: int, wait: float) -> list[Message]:
        assert self._consumer is not None, "poll before start"
        batches = await self._consumer.getmany(timeout_ms=int(wait * 1000), max_records=at_most)
        if self._failure is not None:
            raise self._failure
        return [_message(record) for records in batches.values() for record in records]

    def assignment(self) -> frozenset[Partition]:
        assert self._consumer is not None
        return frozenset(Partition(one.topic, one.partition) for one in self._consumer.assignment())

    def ends(self) -> dict[Partition, int]:
        """Of the assigned logs, where each ended when it was last read from; one that was not read is left out."""
        if self._consumer is None:
            return {}
        found = {one: self._consumer.highwater(one) for one in self._consumer.assignment()}
        return {Partition(one.topic, one.partition): end for one, end in found.items() if end is not None}

    def seek(self, partition: Partition, offset: int) -> None:
        assert self._consumer is not None
        self._consumer.seek(TopicPartition(*partition), offset)

    async def commit(self, offsets: Mapping[Partition, int]) -> None:
        """Tell Kafka for lag displays; a refusal (a rebalance is going on) does not matter."""
        assert self._consumer is not None
        mine = self.assignment()
        try:
            await self._consumer.commit({TopicPartition(*p): o for p, o in offsets.items() if p in mine})
        except (CommitFailedError, IllegalStateError):
            return


async def create_topics(bootstrap: str, topics: Sequence[Topic], replicas: int = 1) -> list[str]:
    """Create the topics that do not exist yet; returns their names."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        existing = set(await admin.list_topics())
        missing = [topic for topic in topics if topic.name not in existing]
        new = [NewTopic(topic.name, topic.partitions, replicas, topic_configs={**topic.config}) for topic in missing]
        if new:
            await admin.create_topics(new)
        return [topic.name for topic in missing]
    except TopicAlreadyExistsError:
        return []
    finally:
        await admin.close()


class _reader:
    """A consumer outside any group."""

    def __init__(self, bootstrap: str) -> None:
        self._bootstrap = bootstrap

    async def __aenter__(self) -> AIOKafkaConsumer:
        self._consumer = AIOKafkaConsumer(
            bootstrap_servers=self._bootstrap,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_partition_fetch_bytes=LARGEST_RECORD,
        )
        await self._consumer.start()
        await asyncio.sleep(0)  # aiokafka cannot be stopped before a task that start() made has begun
        return self._consumer

    async def __aexit__(self, *_: object) -> None:
        await self._consumer.stop()


async def _partitions(bootstrap: str, topics: Sequence[str]) -> list[TopicPartition]:
    """Every partition of these topics; raises LookupError for a topic that the broker does not have."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        described = await admin.describe_topics(list(topics))
    finally:
        await admin.close()
    missing = [topic["topic"] for topic in described if topic["error_code"]]
    if missing:
        raise LookupError(f"no topic {missing[0]} on the broker: run the set-up first")
    return [
        TopicPartition(topic["topic"], partition["partition"])
        for topic in described
        for partition in sorted(topic["partitions"], key=lambda one: one["partition"])
    ]


def _message(record: "ConsumerRecord[bytes, bytes]") -> Message:
    return Message(
        topic=record.topic,
        key=record.key,
        value=record.value,
        headers=tuple(record.headers),
        partition=record.partition,
        offset=record.offset,
        timestamp=record.timestamp,
    )
