"""Reference data read whole from its topic."""

from dataclasses import replace

from libs.events.codec import encode
from libs.events.message import Event
from libs.events.models import MatchlistAction, MatchlistEntryPublished
from libs.streaming.memory import MemoryBroker
from libs.streaming.references import ReferenceReader
from tests.factory import event

TOPIC = "matchlist.entry.published"


class Kept:
    """Keeps the newest entry of each id."""

    topic = TOPIC

    def __init__(self) -> None:
        self.entries: dict[str, bool] = {}

    def apply(self, event: Event) -> None:
        assert isinstance(event.data, MatchlistEntryPublished)
        self.entries[event.data.entryId] = event.data.isActive


def entry(number: int, active: bool = True) -> Event:
    data = MatchlistEntryPublished(
        customerId="c1",
        matchlistId="m1",
        name="list",
        action=MatchlistAction.BLOCK,
        entryId=str(number),
        isActive=active,
    )
    return event(data, TOPIC, f"c1:m1:{number}")


async def test_it_is_current_once_it_has_read_to_the_end_and_follows_what_comes() -> None:
    broker, kept = MemoryBroker(), Kept()
    producer = broker.producer()
    await producer.send([encode(entry(n)) for n in range(3)])
    reader = ReferenceReader(broker, [kept])
    assert not reader.current
    assert await reader.catch_up() == 3
    assert reader.current
    await producer.send([encode(entry(1, active=False))])
    assert await reader.catch_up() == 1
    assert kept.entries == {"0": True, "1": False, "2": True}


async def test_a_record_that_is_none_is_passed_over() -> None:
    broker, kept = MemoryBroker(), Kept()
    bad = replace(encode(entry(1)), value=b"bad", key=b"other")
    await broker.producer().send([bad, encode(entry(2))])
    await ReferenceReader(broker, [kept]).catch_up()
    assert kept.entries == {"2": True}


async def test_without_references_there_is_nothing_to_wait_for() -> None:
    assert ReferenceReader(MemoryBroker(), []).current
