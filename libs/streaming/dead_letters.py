"""What a consumer group could not take: kept with its original bytes, never dropped."""

from collections import deque
from collections.abc import Sequence
from datetime import UTC, datetime

from libs.events.catalogue import dead_letter_topic
from libs.events.codec import Undecodable, encode
from libs.events.message import Event, Message, derived_id
from libs.events.models import DeadLetter, MessageHeader

WINDOW = 200
FEWEST = 50


class TooMuchGarbage(RuntimeError):
    """So many records in a row are bad that the topic, not a record, is at fault: the consumer stops."""


class GarbageGuard:
    """Counts bad records among the last ones; past half of them, and at least fifty, it stops the consumer."""

    def __init__(self) -> None:
        self._recent: deque[bool] = deque(maxlen=WINDOW)

    def count(self, topic: str, bad: Sequence[bool]) -> None:
        """Take in which records of a batch were bad; raises TooMuchGarbage."""
        self._recent.extend(bad)
        found = sum(self._recent)
        if found >= FEWEST and found * 2 > len(self._recent):
            raise TooMuchGarbage(
                f"{found} of the last {len(self._recent)} records are bad, the latest on {topic}: "
                "stopped before draining it into the dead letters; find out who writes there, then start again"
            )


def dead_letter(group: str, message: Message, problem: Undecodable, now: datetime) -> Message:
    """The record for the group's dead letter topic."""
    letter = DeadLetter(
        group=group,
        topic=message.topic,
        partition=message.partition,
        offset=message.offset,
        timestamp=_time(message.timestamp),
        key=message.key,
        value=message.value,
        headers=[MessageHeader(key=name, value=value) for name, value in message.headers],
        reason=problem.reason,
        error=str(problem),
        failedAt=now,
    )
    origin = derived_id(f"{message.topic}/{message.partition}/{message.offset}", group, "dead letter")
    event = Event(origin, dead_letter_topic(group), group, now, "", letter)
    encoded = encode(event)
    return Message(encoded.topic, message.key, encoded.value, encoded.headers, timestamp=encoded.timestamp)


def _time(milliseconds: int) -> datetime:
    """The time of a record; brokers accept any number for it, and one that is no time counts as 1970."""
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        return datetime.fromtimestamp(0, UTC)


def original(letter: DeadLetter) -> Message:
    """The record as it was when the group refused it."""
    return Message(
        topic=letter.topic,
        key=letter.key,
        value=letter.value,
        headers=tuple((header.key, header.value) for header in letter.headers),
        partition=letter.partition,
        offset=letter.offset,
        timestamp=int(letter.timestamp.timestamp() * 1000),
    )
