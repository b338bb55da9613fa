"""How far a consumer group has come, kept in the same transaction as what it did."""

import zlib
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.events.message import Message, Partition, Position

_ENSURE = text("""
    INSERT INTO consumer_offsets (consumer_group, topic, partition, next_offset)
    SELECT :group, * FROM unnest(CAST(:topics AS text[]), CAST(:numbers AS int[]), CAST(:starts AS bigint[]))
    ON CONFLICT DO NOTHING""")
_READ = text("""
    SELECT o.topic, o.partition, o.next_offset, o.mark FROM consumer_offsets o
    JOIN unnest(CAST(:topics AS text[]), CAST(:numbers AS int[])) AS a(topic, number)
      ON o.topic = a.topic AND o.partition = a.number
    WHERE o.consumer_group = :group""")
# The held subjects come with it: every batch needs both, and each statement more is a round trip more.
_ADVANCE = text("""
    WITH moved AS (
        UPDATE consumer_offsets o SET next_offset = a.next, mark = a.mark
        FROM unnest(CAST(:topics AS text[]), CAST(:numbers AS int[]), CAST(:expected AS bigint[]),
                    CAST(:nexts AS bigint[]), CAST(:marks AS text[])) AS a(topic, number, expected, next, mark)
        WHERE o.consumer_group = :group AND o.topic = a.topic AND o.partition = a.number
          AND o.next_offset = a.expected
        RETURNING 1)
    SELECT (SELECT count(*) FROM moved) AS moved,
           ARRAY(SELECT DISTINCT subject FROM held WHERE consumer_group = :group) AS held""")


class Superseded(Exception):
    """Another instance of the group is ahead in one of the partitions: what this one did must not count."""


async def ensure(connection: AsyncConnection, group: str, starts: Mapping[Partition, int]) -> None:
    """Give each partition that has no row yet the offset where its log starts."""
    await connection.execute(_ENSURE, {"group": group, **_columns(starts), "starts": list(starts.values())})


async def read(connection: AsyncConnection, group: str, partitions: Iterable[Partition]) -> dict[Partition, Position]:
    """The stored positions of these partitions."""
    rows = await connection.execute(_READ, {"group": group, **_columns(partitions)})
    return {Partition(row.topic, row.partition): Position(row.next_offset, row.mark) for row in rows}


async def advance(
    connection: AsyncConnection, group: str, expected: Mapping[Partition, int], after: Mapping[Partition, Position]
) -> set[str]:
    """Move from the expected positions to those after; raises Superseded where a stored one is not as expected.
    Returns the subjects that the group holds back."""
    order = sorted(after)
    result = await connection.execute(
        _ADVANCE,
        {
            "group": group,
            **_columns(order),
            "expected": [expected[one] for one in order],
            "nexts": [after[one].next_offset for one in order],
            "marks": [after[one].mark for one in order],
        },
    )
    row = result.one()
    if row.moved != len(after):
        raise Superseded
    return set(row.held)


def after(messages: Sequence[Message]) -> dict[Partition, Position]:
    """The position behind the last record of each partition."""
    return {
        Partition(message.topic, message.partition): Position(message.offset + 1, mark(message)) for message in messages
    }


def mark(message: Message) -> str:
    """What a record is known again by, should the topic have been made anew."""
    return f"{message.offset}:{message.timestamp}:{zlib.crc32(message.value or b'')}"


def _columns(partitions: Iterable[Partition]) -> dict[str, list[str] | list[int]]:
    listed = list(partitions)
    return {"topics": [one.topic for one in listed], "numbers": [one.number for one in listed]}
