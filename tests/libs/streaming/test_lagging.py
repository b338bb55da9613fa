"""How far groups are behind, as the broker knows it."""

from libs.events.message import Message, Partition
from libs.streaming.lagging import Behind, behind, groups
from libs.streaming.memory import MemoryBroker


async def test_a_group_is_behind_by_what_it_has_not_taken() -> None:
    broker = MemoryBroker()
    for number in range(30):
        broker.append(Message("watchlist.published", str(number).encode(), b""))
    assert await behind(broker, ["monitoring"]) == [
        Behind("monitoring", "entity.changed", 0),
        Behind("monitoring", "subscription.requested", 0),
        Behind("monitoring", "watchlist.published", None),
        Behind("monitoring", "monitoring.requested", 0),
    ]
    broker.note_committed("monitoring", {Partition("watchlist.published", 0): 28})
    assert Behind("monitoring", "watchlist.published", 2) in await behind(broker, ["monitoring"])


async def test_every_group_is_looked_at() -> None:
    assert {one.group for one in await behind(MemoryBroker())} == set(groups()) >= {"kyc", "results"}
