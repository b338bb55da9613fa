"""A batch of records decoded, good and bad told apart before anything is changed."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from libs.events.codec import Keep, Undecodable, decode
from libs.events.message import Event, Message
from libs.events.released import forget
from libs.streaming.dead_letters import GarbageGuard

# An unknown schema may be one that is being deployed: looked for again this often before it counts as bad.
LOOKS = 3
PAUSE_SECONDS = 1.0
REMEMBERED_SECONDS = 60.0


@dataclass(slots=True)
class Decoder:
    """Decodes for one consumer group; remembers unknown schemas, so that garbage does not slow it down."""

    keep: Keep = field(default_factory=dict)
    guard: GarbageGuard = field(default_factory=GarbageGuard)
    pause: float = PAUSE_SECONDS
    _unknown: dict[bytes, float] = field(default_factory=dict)

    async def decode(self, messages: Sequence[Message]) -> list[tuple[Message, Event | Undecodable]]:
        """Each record with its event or with what is wrong; raises TooMuchGarbage."""
        decoded = [(message, await self._one(message)) for message in messages]
        if decoded:
            self.guard.count(decoded[-1][0].topic, [isinstance(result, Undecodable) for _, result in decoded])
        return decoded

    async def _one(self, message: Message) -> Event | Undecodable:
        result = self._attempt(message)
        looks = 1
        while _unknown_schema(result) and looks < LOOKS and not self._seen(message):
            await asyncio.sleep(self.pause)
            forget()
            result, looks = self._attempt(message), looks + 1
        if _unknown_schema(result):
            self._unknown[(message.value or b"")[:5]] = time.monotonic()
        return result

    def _attempt(self, message: Message) -> Event | Undecodable:
        try:
            return decode(message, self.keep)
        except Undecodable as problem:
            return problem

    def _seen(self, message: Message) -> bool:
        at = self._unknown.get((message.value or b"")[:5])
        return at is not None and time.monotonic() - at < REMEMBERED_SECONDS


def _unknown_schema(result: Event | Undecodable) -> bool:
    return isinstance(result, Undecodable) and result.reason == "UNKNOWN_SCHEMA"
