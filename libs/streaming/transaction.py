"""What a stateful service works with while it applies events: one database transaction, and what it will publish."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from libs.events.codec import Undecodable, encode
from libs.events.message import Event, Message
from libs.events.record import Record
from libs.streaming.dead_letters import dead_letter


@dataclass(slots=True)
class Transaction:
    """Everything in it happens, or nothing; `now` is the same for the whole batch."""

    connection: AsyncConnection
    group: str
    now: datetime
    originals: dict[tuple[str, str], Message] = field(default_factory=dict)
    outgoing: list[Message] = field(default_factory=list)
    refused: list[Event] = field(default_factory=list)

    def emit(self, cause: Event, topic: str, name: str, data: Record, key: str | None = None) -> None:
        """Publish what follows from `cause`; `name` tells apart several on one topic."""
        self.publish(cause.caused(self.group, topic, name, cause.key if key is None else key, data, self.now))

    def publish(self, event: Event, *headers: tuple[str, bytes]) -> None:
        """Publish an event once the transaction is committed."""
        self.outgoing.append(encode(event, headers))

    def refuse(self, event: Event, reason: str, text: str) -> None:
        """Put an event that cannot be meant for us among the dead letters, as it came; it does not count as taken."""
        self.refused.append(event)
        message = self.originals.get((event.source, event.id)) or encode(event)
        self.outgoing.append(dead_letter(self.group, message, Undecodable(reason, text), self.now))
