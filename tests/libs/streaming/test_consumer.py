"""The loop of a stateful service, on the in-memory broker and a real database."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from aiokafka.errors import KafkaTimeoutError
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.events.codec import decode, encode
from libs.events.message import Event, Message, Partition
from libs.store import outbox
from libs.streaming.consumer import StatefulConsumer
from libs.streaming.dead_letters import FEWEST, TooMuchGarbage
from libs.streaming.log_identity import LogChanged
from libs.streaming.memory import MemoryBroker
from libs.streaming.replay import letters, replay
from libs.streaming.transaction import Transaction
from tests.factory import NOON, onboarded
from tests.libs.streaming.conftest import Diary, written


async def put(broker: MemoryBroker, *events: Event | Message) -> None:
    """Publish, as a producer would."""
    producer = broker.producer()
    await producer.send([one if isinstance(one, Message) else encode(one) for one in events])


async def drain(*consumers: StatefulConsumer) -> None:
    """Run until nothing is left to take."""
    while sum([await one.run_once() for one in consumers]):
        pass


async def started(broker: MemoryBroker, engine: AsyncEngine, handler: Diary | None = None) -> StatefulConsumer:
    consumer = StatefulConsumer(handler or Diary(), broker, engine)
    await consumer.start()
    return consumer


async def count(engine: AsyncEngine, table: str) -> int:
    async with engine.connect() as connection:
        return int((await connection.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one())


async def test_each_event_has_one_effect_however_often_it_comes(engine: AsyncEngine) -> None:
    broker = MemoryBroker()
    events = [onboarded(f"p{number}") for number in range(20)]
    await put(broker, *events, *events)
    consumer = await started(broker, engine)
    await drain(consumer)
    await put(broker, *events)
    await drain(consumer)
    assert sorted(await written(engine)) == sorted(event.id for event in events)


async def test_a_new_instance_goes_on_where_the_last_one_was(engine: AsyncEngine) -> None:
    broker = MemoryBroker()
    first = await started(broker, engine)
    await put(broker, onboarded("a"))
    await drain(first)
    await first.stop()
    await put(broker, onboarded("b"))
    handler = Diary()
    await drain(await started(broker, engine, handler))
    assert len(handler.seen) == 1
    assert await count(engine, "diary") == 2


class Choosy(Diary):
    """Wants only what is about one person."""

    def wants(self, message: Message) -> bool:
        return message.key == b"c1:wanted"


async def test_what_is_not_wanted_is_passed_over_undecoded_and_not_read_again(engine: AsyncEngine) -> None:
    broker = MemoryBroker()
    garbage = replace(encode(onboarded("other")), value=b"nothing that could be decoded")
    await put(broker, garbage, onboarded("other"))
    first = await started(broker, engine, Choosy())
    await drain(first)
    assert await written(engine) == []
    await put(broker, onboarded("wanted", id="one"), garbage)
    await drain(first)
    await first.stop()
    assert await written(engine) == ["one"]
    async with engine.connect() as connection:
        offsets = await connection.execute(text("SELECT sum(next_offset) FROM consumer_offsets"))
    assert offsets.scalar_one() == 4, "what was passed over is noted, too"
    second = await started(broker, engine, Choosy())
    assert await second.run_once() == 0


async def test_an_instance_that_was_overtaken_changes_nothing(engine: AsyncEngine) -> None:
    """A process that stood still past its session still holds a batch; meanwhile another one took it."""
    broker = MemoryBroker()
    zombie_handler = Diary()
    zombie = await started(broker, engine, zombie_handler)
    events = [onboarded(f"p{number}") for number in range(10)]
    await put(broker, *events)
    held_batch = await zombie._read(0)
    # The group gives everything to the successor; the zombie, standing still, does not hear of it.
    broker._groups["results"].clear()
    successor = await started(broker, engine)
    await drain(successor)
    await zombie._work(held_batch)
    assert sorted(await written(engine)) == sorted(event.id for event in events)
    assert zombie_handler.seen == []


async def test_what_was_read_behind_a_dropped_batch_is_read_again_with_it(engine: AsyncEngine) -> None:
    """The next batch is read while one is in the database: taking it alone would leave a gap."""
    broker = MemoryBroker()
    consumer = await started(broker, engine)
    first, second = [onboarded(f"p{n}") for n in range(10)], [onboarded(f"p{n}") for n in range(10)]
    await put(broker, *first)
    dropped = await consumer._read(0)
    await put(broker, *second)
    read_ahead = await consumer._read(0)
    await consumer._go_back([message for message, _ in dropped.decoded])
    assert await consumer._work(read_ahead) == 0
    await drain(consumer)
    assert sorted(await written(engine)) == sorted(event.id for event in (*first, *second))


async def test_a_running_instance_takes_everything_and_ends_when_it_is_told_to(engine: AsyncEngine) -> None:
    broker, stopping = MemoryBroker(), asyncio.Event()
    consumer = StatefulConsumer(Diary(), broker, engine)
    running = asyncio.create_task(consumer.run(stopping))
    events = [onboarded(f"p{number}") for number in range(700)]
    await put(broker, *events)
    while len(await written(engine)) < len(events):
        await asyncio.sleep(0.02)
    stopping.set()
    await running
    assert sorted(await written(engine)) == sorted(event.id for event in events)
    assert await count(engine, "outbox_unsent") == 0


async def test_what_is_sent_while_it_is_noted_stays_to_be_noted(engine: AsyncEngine) -> None:
    """Else it would be swept, and everything asked once more."""
    consumer = StatefulConsumer(Diary(), MemoryBroker(), engine)
    async with engine.begin() as connection:
        rows = await outbox.write(connection, [encode(onboarded("p1")), encode(onboarded("p2"))], NOON)
    consumer._sent.append(rows[0])
    async with engine.begin() as connection:
        noting = asyncio.create_task(consumer._mark(connection))
        await asyncio.sleep(0)
        consumer._sent.append(rows[1])
        assert await noting == 1
    assert await count(engine, "outbox_unsent") == 1


async def test_a_running_instance_ends_with_what_kept_it_from_sending(engine: AsyncEngine) -> None:
    broker = MemoryBroker()
    consumer = StatefulConsumer(Diary(), broker, engine)
    await put(broker, Message("entity.onboarded", b"c1:p1", b"not framed"))

    async def refuse(messages: Sequence[Message]) -> list[Message]:
        raise KafkaTimeoutError

    consumer._producer.send = refuse  # type: ignore[method-assign]
    with pytest.raises(KafkaTimeoutError):
        await asyncio.wait_for(consumer.run(asyncio.Event()), 10)
    assert await count(engine, "outbox_unsent") == 1


async def test_a_record_that_is_no_event_is_kept_and_the_next_one_is_taken(engine: AsyncEngine) -> None:
    broker = MemoryBroker()
    good = encode(onboarded("p1", id="good"))
    bad = {
        "NULL_VALUE": replace(good, value=None),
        "NOT_FRAMED": replace(good, value=b"{}"),
        "NOT_AVRO": replace(good, value=(good.value or b"")[:-3]),
        "TOO_LARGE": replace(good, value=b"\x00" * 1_000_000),
        "UNKNOWN_SCHEMA": replace(good, value=b"\x00\x00\x00\xff\xff rest"),
    }
    await put(broker, *bad.values(), good)
    consumer = await started(broker, engine)
    consumer._decoder.pause = 0.0
    await drain(consumer)
    assert await written(engine) == ["good"]
    kept = {letter.content.reason: letter.content for letter in await letters(broker, "results")}
    assert set(kept) == set(bad)
    for reason, message in bad.items():
        assert kept[reason].value == message.value
        assert kept[reason].key == message.key
        assert [(h.key, h.value) for h in kept[reason].headers] == list(message.headers)


async def test_an_event_without_headers_is_known_by_its_place(engine: AsyncEngine) -> None:
    broker = MemoryBroker()
    await put(broker, replace(encode(onboarded("p1")), headers=()))
    await drain(await started(broker, engine))
    ids = await written(engine)
    (place,) = [one for one, log in broker.logs.items() if log and one.topic == "entity.onboarded"]
    assert ids == [decode(broker.logs[place][0]).id]


async def test_a_topic_full_of_garbage_stops_the_consumer_before_it_is_drained(engine: AsyncEngine) -> None:
    broker = MemoryBroker()
    garbage = [Message("entity.onboarded", f"k{n}".encode(), b"garbage") for n in range(FEWEST + 10)]
    await put(broker, *garbage)
    consumer = await started(broker, engine)
    with pytest.raises(TooMuchGarbage, match=r"60 of the last 60 records are bad.*entity\.onboarded"):
        await drain(consumer)
    assert await count(engine, "outbox") == 0


async def test_an_event_that_raises_quarantines_its_subject_and_no_other(engine: AsyncEngine) -> None:
    broker = MemoryBroker()
    poison = onboarded("sick", id="poison")
    after = onboarded("sick", id="after")
    others = [onboarded(f"p{number}") for number in range(5)]
    await put(broker, others[0], poison, *others[1:], after)
    handler = Diary(raises_for=lambda event: event.id == "poison")
    consumer = await started(broker, engine, handler)
    await drain(consumer)
    assert sorted(await written(engine)) == sorted(event.id for event in others)
    await put(broker, onboarded("sick", id="later"))
    await drain(consumer)
    assert "later" not in await written(engine)

    # The bug is mended and the subject released: its events are applied in their order.
    handler.raises_for = lambda event: False
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE held SET released = true"))
    consumer._due.clear()
    await drain(consumer)
    assert (await written(engine))[-3:] == ["poison", "after", "later"]
    assert await count(engine, "held") == 0


async def test_released_too_early_it_stays_held(engine: AsyncEngine) -> None:
    broker = MemoryBroker()
    await put(broker, onboarded("sick", id="poison"), onboarded("sick", id="after"))
    consumer = await started(broker, engine, Diary(raises_for=lambda event: event.id == "poison"))
    await drain(consumer)
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE held SET released = true"))
    consumer._due.clear()
    await drain(consumer)
    assert await written(engine) == []
    assert await count(engine, "held") == 2


async def test_what_was_refused_is_replayed_once_under_its_id(engine: AsyncEngine) -> None:
    broker = MemoryBroker()

    class Refuses(Diary):
        refusing = True

        async def apply(self, tx: Transaction, events: list[Event]) -> None:  # type: ignore[override]
            if self.refusing:
                for event in events:
                    tx.refuse(event, "NOT_YET", "not known yet")
            else:
                await super().apply(tx, events)

    handler = Refuses()
    consumer = await started(broker, engine, handler)
    await put(broker, onboarded("p1", id="early"))
    await drain(consumer)
    assert await written(engine) == []
    handler.refusing = False
    found = await letters(broker, "results")
    for _ in range(2):
        assert await replay(broker, engine, found) == 1
        consumer._due.clear()
        await drain(consumer)
    assert await written(engine) == ["early"]


async def test_a_topic_made_anew_stops_the_consumer(engine: AsyncEngine) -> None:
    broker = MemoryBroker()
    consumer = await started(broker, engine)
    await put(broker, onboarded("a"), onboarded("a"))
    await drain(consumer)
    await consumer.stop()
    (place,) = [one for one, log in broker.logs.items() if log and one.topic == "entity.onboarded"]
    saved = list(broker.logs[place])

    broker.logs[place].clear()
    with pytest.raises(LogChanged, match="the log ends at 0"):
        await started(broker, engine)

    broker.logs[place].extend(replace(message, timestamp=message.timestamp + 1) for message in saved)
    with pytest.raises(LogChanged, match="another record at offset 1"):
        await started(broker, engine)


async def test_rows_that_a_dead_instance_left_unsent_are_swept(engine: AsyncEngine) -> None:
    broker = MemoryBroker()
    async with engine.begin() as connection:
        await outbox.write(connection, [encode(onboarded("p1", id="left"))], NOON - timedelta(minutes=1))
    await drain(await started(broker, engine))
    assert sum(len(log) for log in broker.logs.values()) == 1
    assert await count(engine, "outbox_unsent") == 0


async def test_positions_are_stored_with_a_mark_of_the_last_record(engine: AsyncEngine) -> None:
    broker = MemoryBroker()
    await put(broker, onboarded("a"))
    consumer = await started(broker, engine)
    await drain(consumer)
    (place,) = [one for one, log in broker.logs.items() if log]
    stored = await consumer._stored([Partition(*place)])
    assert stored == {place: 1}


async def test_a_bad_record_with_a_time_that_is_none_is_kept_too(engine: AsyncEngine) -> None:
    broker = MemoryBroker()
    times = [-(10**14), -(2**62), 2**62]
    await put(broker, *(Message("entity.onboarded", b"k", b"bad", timestamp=time) for time in times))
    await drain(await started(broker, engine))
    kept = await letters(broker, "results")
    assert {letter.content.timestamp.year for letter in kept} == {1970}
    assert len(kept) == len(times)
