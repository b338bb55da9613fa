"""Whether a log is still the one that a stored position speaks of."""

from libs.events.message import Partition, Position
from libs.store.positions import mark
from libs.streaming.ports import Broker


class LogChanged(RuntimeError):
    """The topic was made anew or cut short: going on would lose or repeat events, so the consumer stops."""


async def check_log(
    broker: Broker, group: str, partition: Partition, position: Position, ends: tuple[int, int]
) -> None:
    """Raise LogChanged where the stored position is past the log's end, or the record before it is another one."""
    start, end = ends
    where = f"{partition.topic}/{partition.number}"
    if position.next_offset > end:
        raise LogChanged(
            f"{group} has taken {where} up to offset {position.next_offset}, but the log ends at {end}: "
            "the topic was made anew or lost records; restore it, or clear this group's state and rebuild"
        )
    if position.mark is None:
        return
    last = int(position.mark.split(":")[0])
    if last < start:
        return  # retention has deleted it: nothing to compare with
    records = await broker.read(partition, last, last + 1)
    if records and mark(records[0]) != position.mark:
        raise LogChanged(
            f"{group} knows {where} with another record at offset {last}: "
            "the topic was made anew; clear this group's state and rebuild"
        )
