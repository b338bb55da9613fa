"""How far each consumer group is behind, by topic: what the broker knows of them all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from libs.events.catalogue import topics
from libs.events.message import Partition
from libs.streaming.ports import Broker


@dataclass(frozen=True, slots=True)
class Behind:
    """Records of a topic that a group has not taken; None where it never said how far it has come."""

    group: str
    topic: str
    records: int | None


def groups() -> list[str]:
    """Every consumer group of the catalogue."""
    return sorted({reader for topic in topics().values() for reader in topic.readers})


async def behind(broker: Broker, among: Sequence[str] | None = None) -> list[Behind]:
    """All groups, or some, with each topic that they read."""
    wanted = groups() if among is None else among
    read = [(group, topic.name) for group in wanted for topic in topics().values() if group in topic.readers]
    ends = await broker.ends(sorted({topic for _, topic in read}))
    committed = await broker.committed(wanted)
    return [Behind(group, topic, _records(topic, ends, committed[group])) for group, topic in read]


def _records(topic: str, ends: Mapping[Partition, tuple[int, int]], committed: Mapping[Partition, int]) -> int | None:
    """A topic on which there is nothing needs no word of how far the group has come."""
    logs = {one: span for one, span in ends.items() if one.topic == topic}
    if logs.keys().isdisjoint(committed) and any(start < end for start, end in logs.values()):
        return None
    return sum(max(0, end - committed.get(one, start)) for one, (start, end) in logs.items())
