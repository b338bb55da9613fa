"""A Kafka record, and an event: a decoded one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha1
from typing import NamedTuple, TypeAlias
from uuid import UUID

import orjson

from libs.events.record import Record

Headers: TypeAlias = tuple[tuple[str, bytes | None], ...]

# Namespace of the ids that are derived from other ids; never to be changed.
DERIVED = UUID("5f0c3c52-3d0c-5d7e-9a44-2f3b7f0f6a51")


class Partition(NamedTuple):
    """One partition of one topic."""

    topic: str
    number: int


class Position(NamedTuple):
    """How far a group has come in a partition: the next offset, and the mark of the record before it."""

    next_offset: int
    mark: str | None


@dataclass(frozen=True, slots=True)
class Message:
    """A record as it lies on a topic; `timestamp` in milliseconds since 1970."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers = ()
    partition: int = -1
    offset: int = -1
    timestamp: int = 0


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened or was asked for, with the CloudEvents attributes that travel in the headers.

    `encoded` holds fields of the data in their Avro form: written as they are, whatever the data says.
    """

    id: str
    topic: str
    source: str
    time: datetime
    key: str
    data: Record
    correlation: str | None = None
    causation: str | None = None
    traceparent: str | None = None
    encoded: Mapping[str, bytes] = field(default_factory=dict, compare=False)

    def caused(self, source: str, topic: str, name: str, key: str, data: Record, now: datetime) -> "Event":
        """The event that `source` derives from this one; deciding twice gives the same id."""
        return Event(
            id=derived_id(self.id, source, topic, name),
            topic=topic,
            source=source,
            time=now,
            key=key,
            data=data,
            correlation=self.correlation,
            causation=self.id,
            traceparent=self.traceparent,
        )


def derived_id(cause: str, *names: str | int) -> str:
    """The id of what follows from `cause`, the same each time it is worked out: a UUID of version 5 in `DERIVED`."""
    # As uuid.uuid5 makes it, in a fifth of its time: every event and every finding has such an id.
    digits = sha1(DERIVED.bytes + "/".join((cause, *map(str, names))).encode(), usedforsecurity=False).hexdigest()
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"{digits[:8]}-{digits[8:12]}-5{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:32]}"


def pack_headers(headers: Headers) -> bytes:
    """Headers as one value for a database column; latin-1 keeps every byte."""
    return orjson.dumps([[name, None if value is None else value.decode("latin-1")] for name, value in headers])


def unpack_headers(packed: bytes) -> Headers:
    """What `pack_headers` was given."""
    return tuple((name, None if value is None else value.encode("latin-1")) for name, value in orjson.loads(packed))
