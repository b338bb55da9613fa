"""Kafka and the broker in memory keep one contract: each test runs on both."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from libs.events.message import Message, Partition
from libs.streaming.kafka import KafkaBroker
from libs.streaming.memory import MemoryBroker
from libs.streaming.ports import Broker, Consumer

TOPIC = "entity.onboarded"


@pytest.fixture(params=["memory", "kafka"])
def broker(request: pytest.FixtureRequest) -> Broker:
    """Either broker."""
    if request.param == "memory":
        return MemoryBroker()
    found: KafkaBroker = request.getfixturevalue("kafka")
    return found


class Member:
    """One instance of a group, starting where `starts` says."""

    def __init__(self, broker: Broker, group: str, starts: Mapping[Partition, int] | None = None) -> None:
        self.consumer: Consumer = broker.consumer(group, (TOPIC,))
        self.starts = starts
        self.broker = broker
        self.got: list[Message] = []

    async def __aenter__(self) -> "Member":
        ends = await self.broker.ends([TOPIC])

        async def assigned(partitions: Sequence[Partition]) -> Mapping[Partition, int]:
            starts = self.starts if self.starts is not None else {one: end for one, (_, end) in ends.items()}
            return {one: starts[one] for one in partitions if one in starts}

        await self.consumer.start(assigned)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.consumer.stop()

    async def poll(self) -> None:
        self.got += await self.consumer.poll(100, 0.05)


async def until(members: Sequence[Member], done: Callable[[], object], seconds: float = 30) -> None:
    """Poll until the condition holds."""
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline, "the broker did not get there"
        for member in members:
            await member.poll()
        await asyncio.sleep(0)


async def send(broker: Broker, *messages: Message) -> list[Message]:
    producer = broker.producer()
    await producer.start()
    try:
        return await producer.send(messages)
    finally:
        await producer.stop()


def records(count: int) -> list[Message]:
    run = uuid4().hex
    return [Message(TOPIC, f"{run}-{n % 7}".encode(), f"{run}/{n}".encode(), (("h", b"\xff"),)) for n in range(count)]


async def test_records_come_back_as_sent_and_in_order_by_key(broker: Broker) -> None:
    async with Member(broker, f"group-{uuid4()}") as member:
        await until([member], lambda: member.consumer.assignment())
        sent = await send(broker, *records(50))
        await until([member], lambda: len(member.got) >= 50)
    for key in {message.key for message in sent}:
        expected = [(m.value, m.headers, m.partition, m.offset) for m in sent if m.key == key]
        assert [(m.value, m.headers, m.partition, m.offset) for m in member.got if m.key == key] == expected


async def test_the_key_chooses_the_partition_as_java_does(broker: Broker) -> None:
    """murmur2 of the key, made positive, modulo the partitions: what every Kafka client agrees on."""
    (sent,) = await send(broker, Message(TOPIC, b"foobar", b"x"))
    # -790332482 is what Kafka's own tests expect for "foobar".
    assert sent.partition == (-790332482 & 0x7FFFFFFF) % 6


async def test_a_group_shares_the_partitions_and_takes_over_from_who_leaves(broker: Broker) -> None:
    group = f"group-{uuid4()}"
    async with Member(broker, group) as stays:
        async with Member(broker, group) as leaves:
            both = [stays, leaves]
            await until(both, lambda: len(stays.consumer.assignment()) == len(leaves.consumer.assignment()) == 3)
            assert not stays.consumer.assignment() & leaves.consumer.assignment()
        await until([stays], lambda: len(stays.consumer.assignment()) == 6)


async def test_a_consumer_starts_where_its_owner_says(broker: Broker) -> None:
    before = await send(broker, *records(20))
    starts = {one: end for one, (_, end) in (await broker.ends([TOPIC])).items()}
    chosen = before[10]
    starts[Partition(TOPIC, chosen.partition)] = chosen.offset
    async with Member(broker, f"group-{uuid4()}", starts) as member:
        await until([member], lambda: member.got)
    assert (member.got[0].partition, member.got[0].offset) == (chosen.partition, chosen.offset)


async def test_seeking_reads_again(broker: Broker) -> None:
    async with Member(broker, f"group-{uuid4()}") as member:
        await until([member], lambda: member.consumer.assignment())
        await send(broker, *records(10))
        await until([member], lambda: len(member.got) >= 10)
        first = member.got[0]
        member.got.clear()
        member.consumer.seek(Partition(TOPIC, first.partition), first.offset)
        await until([member], lambda: member.got)
        assert member.got[0] == first


async def test_a_log_can_be_read_outside_any_group(broker: Broker) -> None:
    sent = await send(broker, *records(30))
    partition = Partition(TOPIC, sent[0].partition)
    mine = [message for message in sent if message.partition == partition.number]
    start, end = (await broker.ends([TOPIC]))[partition]
    assert start <= mine[0].offset
    assert end == mine[-1].offset + 1
    read = await broker.read(partition, mine[0].offset, end)
    assert [message.value for message in read] == [message.value for message in mine]


async def test_a_time_leads_to_the_first_record_from_it_on(broker: Broker) -> None:
    sent = await send(broker, *records(30))
    partition = Partition(TOPIC, sent[0].partition)
    mine = [message for message in sent if message.partition == partition.number]
    since = datetime.fromtimestamp(mine[0].timestamp / 1000, UTC)
    found = await broker.read(partition, await broker.offset_at(partition, since), mine[-1].offset + 1)
    assert mine[0] in found
    assert all(message.timestamp >= mine[0].timestamp for message in found)
    _, end = (await broker.ends([TOPIC]))[partition]
    assert await broker.offset_at(partition, since + timedelta(days=1)) == end


async def test_an_unknown_topic_is_named(broker: Broker) -> None:
    with pytest.raises(LookupError, match="no\\.such\\.topic"):
        await broker.ends(["no.such.topic"])


async def test_what_a_group_says_of_its_way_is_known_to_others(broker: Broker) -> None:
    sent = await send(broker, *records(10))
    one = Partition(TOPIC, sent[0].partition)
    group = f"group-{uuid4()}"
    async with Member(broker, group) as member:
        await until([member], lambda: one in member.consumer.assignment())
        assert await broker.committed([group, "another"]) == {group: {}, "another": {}}
        await member.consumer.commit({one: sent[0].offset + 1})
        assert (await broker.committed([group]))[group][one] == sent[0].offset + 1
