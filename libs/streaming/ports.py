"""What a service needs of a broker. Kafka and the in-memory broker both do this, and pass the same tests."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Protocol, TypeAlias

from libs.events.message import Message, Partition

Clock: TypeAlias = Callable[[], datetime]


# Told which partitions were given, answers where to go on; a partition it leaves out begins at its start.
Assigned: TypeAlias = Callable[[Sequence[Partition]], Awaitable[Mapping[Partition, int]]]


class Producer(Protocol):
    """Writes records; `send` returns once every one is safely on the broker, and raises otherwise."""

    async def start(self) -> None: ...
    async def stop(self) -> None: ...
    async def send(self, messages: Sequence[Message]) -> list[Message]: ...


class Consumer(Protocol):
    """Reads the topics of one group, its partitions shared with the group's other instances."""

    async def start(self, assigned: Assigned) -> None: ...
    async def stop(self) -> None: ...
    async def poll(self, at_most: int, wait: float) -> list[Message]: ...
    def assignment(self) -> frozenset[Partition]: ...
    def seek(self, partition: Partition, offset: int) -> None: ...
    async def commit(self, offsets: Mapping[Partition, int]) -> None: ...


class Broker(Protocol):
    """Makes consumers and producers, and looks at the log itself."""

    def producer(self) -> Producer: ...
    def consumer(self, group: str, topics: Sequence[str]) -> Consumer: ...
    async def ends(self, topics: Sequence[str]) -> dict[Partition, tuple[int, int]]: ...
    async def read(self, partition: Partition, start: int, end: int) -> list[Message]: ...
    async def offset_at(self, partition: Partition, time: datetime) -> int: ...


def system_clock() -> datetime:
    """The time now, in UTC."""
    return datetime.now(UTC)
