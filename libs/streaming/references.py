"""Reference data in memory: compacted topics read whole by every process, outside any consumer group."""

import asyncio
from collections.abc import Iterable, Sequence

import structlog

from libs.events.codec import Undecodable, decode
from libs.events.message import Message, Partition
from libs.streaming.check import Reference
from libs.streaming.ports import Broker

AGAIN_SECONDS = 1.0

log = structlog.get_logger()


class ReferenceReader:
    """Feeds each reference with its topic, and says when all of them are current."""

    def __init__(self, broker: Broker, references: Sequence[Reference]) -> None:
        self._broker = broker
        self._references = references
        self._positions: dict[Partition, int] = {}
        self.current = not references

    async def catch_up(self) -> int:
        """Apply what is new, up to the ends of the topics as they are now; returns the number of records."""
        if not self._references:
            return 0
        applied = 0
        ends = await self._broker.ends(sorted({one.topic for one in self._references}))
        for partition, (start, end) in ends.items():
            begin = max(start, self._positions.get(partition, 0))
            if begin < end:
                applied += await self._apply(partition, begin, end)
                self._positions[partition] = end
        self.current = True
        return applied

    async def run(self, stopping: asyncio.Event) -> None:
        """Keep current until told to stop."""
        while self._references and not stopping.is_set():
            await asyncio.sleep(AGAIN_SECONDS)
            await self.catch_up()

    async def _apply(self, partition: Partition, begin: int, end: int) -> int:
        newest = {message.key: message for message in await self._broker.read(partition, begin, end)}
        await asyncio.to_thread(self._take, newest.values())  # a long list must not stop the heartbeats
        return len(newest)

    def _take(self, messages: Iterable[Message]) -> None:
        for message in messages:
            try:
                event = decode(message)
            except Undecodable as problem:
                log.error("reference.refused", topic=message.topic, offset=message.offset, reason=problem.reason)
                continue
            for reference in self._references:
                if reference.topic == message.topic:
                    reference.apply(event)
