"""Events to and from the bytes on the topics: Confluent framing, Avro, CloudEvents headers."""

import io
import struct
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from functools import cache
from types import MappingProxyType
from typing import Any, TypeAlias

import orjson
from pydantic import ValidationError

from libs.events import avro, models
from libs.events.catalogue import NAMESPACE, topics
from libs.events.message import Event, Headers, Message, derived_id
from libs.events.record import Record
from libs.events.released import UnknownSchema, current, written_with

MAGIC = b"\x00"
FRAME = struct.Struct(">cI")
# One entry of a history may hold the 256 KiB of a payload twice. What is larger is kept as a dead letter, not taken
# through the system.
LARGEST_BYTES = 640 * 1024
# Ids and headers are parts of database keys, which hold no more than about 2,700 bytes together.
LONGEST_ID = 255
# The one character that is text in Avro and none in PostgreSQL, as orjson writes it.
NUL = rb"\u0000"
# The year 9999 ends then: no later time can be told.
LAST_MS = 253_402_300_800_000
DEAD_LETTER = NAMESPACE + "DeadLetter"
NOTHING: Mapping[str, Any] = MappingProxyType({})
# Fields by record.
Keep: TypeAlias = Mapping[str, Collection[str]]


class Undecodable(ValueError):
    """A record that is no event of ours: `reason` is a stable code, the text says what was wrong."""

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(text)
        self.reason = reason


def encode(event: Event, more: Headers = ()) -> Message:
    """The record for an event, with `more` headers.

    Raises ValueError where the data is not what its topic carries, or too large.
    """
    record = topics()[event.topic].schema
    if record != NAMESPACE + type(event.data).__name__:
        raise ValueError(f"{event.topic} carries {record}, not {type(event.data).__name__}")
    value = encode_record(event.data, event.encoded)
    if _too_large(record, value):
        raise ValueError(f"{record} has {len(value)} bytes, no consumer takes more than {LARGEST_BYTES}")
    return Message(
        topic=event.topic,
        key=event.key.encode(),
        value=value,
        headers=_headers(event) + more,
        timestamp=int(event.time.timestamp() * 1000),
    )


def encode_record(data: Record, encoded: Mapping[str, bytes] = NOTHING) -> bytes:
    """A record framed with the id of the schema it is written in; raises ValueError for what Avro cannot hold."""
    schema = current(NAMESPACE + type(data).__name__)
    try:
        value = avro.write(schema, data.model_dump(exclude=set(encoded)), encoded)
    except OverflowError as error:
        raise ValueError(f"{schema.record} has a number that is no long: {error}") from None
    return FRAME.pack(MAGIC, schema.id) + value


def decode(message: Message, keep: Keep = NOTHING) -> Event:
    """The event in a record; `keep` names fields, by record, whose bytes the event shall hold too.

    Raises Undecodable, with the reason.
    """
    topic = topics()[message.topic]
    data, encoded = _decode_record(topic.schema, message.value, keep.get(topic.schema, ()))
    headers = dict(message.headers)
    at = f"{message.topic}/{message.partition}/{message.offset}"
    return Event(
        id=_text(headers, "ce_id") or derived_id(at),
        topic=message.topic,
        source=_text(headers, "ce_source") or topic.owner,
        time=_time(_text(headers, "ce_time")) or _record_time(message.timestamp),
        key=(message.key or b"").decode(errors="replace"),
        data=data,
        correlation=_text(headers, "correlationid"),
        causation=_text(headers, "causationid"),
        traceparent=_text(headers, "traceparent"),
        encoded=encoded,
    )


def decode_record(expected: str, value: bytes | None) -> Record:
    """The record of type `expected` in framed bytes, whichever released version wrote it; raises Undecodable."""
    return _decode_record(expected, value, ())[0]


def _decode_record(expected: str, value: bytes | None, keep: Collection[str]) -> tuple[Record, Mapping[str, bytes]]:
    if value is None:
        raise Undecodable("NULL_VALUE", "the record has no value")
    if _too_large(expected, value):
        raise Undecodable("TOO_LARGE", f"{len(value)} bytes, at most {LARGEST_BYTES} are taken")
    if len(value) < FRAME.size or value[:1] != MAGIC:
        raise Undecodable("NOT_FRAMED", "the value does not begin with 0x00 and a schema id of four bytes")
    try:
        writer = written_with(FRAME.unpack_from(value)[1])
    except UnknownSchema as error:
        raise Undecodable("UNKNOWN_SCHEMA", str(error)) from None
    if writer.record != expected:
        raise Undecodable("WRONG_SCHEMA", f"written as {writer.record}, the topic carries {expected}")
    buffer = io.BytesIO(value)
    buffer.seek(FRAME.size)
    try:
        datum, encoded = avro.read(writer, current(expected), buffer, keep)
    except Exception as error:  # fastavro raises whatever the garbage leads it to
        raise Undecodable("NOT_AVRO", f"not readable as {expected}: {type(error).__name__}: {error}") from None
    if buffer.tell() != len(value):
        raise Undecodable("NOT_AVRO", f"{len(value) - buffer.tell()} bytes follow the record")
    return _validated(expected, datum), encoded


def _too_large(record: str, value: bytes) -> bool:
    return len(value) > LARGEST_BYTES and record != DEAD_LETTER


def _validated(name: str, datum: Any) -> Record:
    try:
        data = _model(name).model_validate(datum)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise Undecodable("INVALID", f"{name}.{where}: {first['msg']}") from None
    # A dead letter holds what others wrote, as they wrote it.
    if name != DEAD_LETTER:
        _require_storable(name, datum)
    return data


def _require_storable(name: str, datum: dict[str, Any]) -> None:
    """Refuse here what no database column would take: later it would stop the consumer instead of the record."""
    for field, value in [*datum.items(), *datum.get("task", {}).items()]:
        if field.lower().endswith("id") and isinstance(value, str) and len(value) > LONGEST_ID:
            raise Undecodable("INVALID", f"{name}.{field}: {len(value)} characters, at most {LONGEST_ID} are taken")
    if NUL in orjson.dumps(datum) and (where := _nul_in(datum)) is not None:
        raise Undecodable("INVALID", f"{name}{where}: the text holds a NUL character")


def _nul_in(value: Any) -> str | None:
    """Path of the first text with a NUL character."""
    if isinstance(value, str):
        return "" if "\0" in value else None
    if isinstance(value, dict):
        if any("\0" in key for key in value):
            return ""
        parts = [(f".{key}", part) for key, part in value.items()]
    else:
        parts = [(f".{index}", part) for index, part in enumerate(value)] if isinstance(value, list) else []
    return next((at + inner for at, part in parts if (inner := _nul_in(part)) is not None), None)


@cache
def _model(name: str) -> type[Record]:
    return getattr(models, name.removeprefix(NAMESPACE))  # type: ignore[no-any-return]


def _headers(event: Event) -> Headers:
    present = {
        "ce_specversion": "1.0",
        "ce_id": event.id,
        "ce_type": NAMESPACE + event.topic,
        "ce_source": event.source,
        "ce_time": (event.time if event.time.tzinfo is UTC else event.time.astimezone(UTC)).isoformat(),
        "ce_subject": event.key,
        "content-type": "application/vnd.confluent.avro",
        "correlationid": event.correlation,
        "causationid": event.causation,
        "traceparent": event.traceparent,
    }
    return tuple((name, value.encode()) for name, value in present.items() if value is not None)


def _text(headers: Mapping[str, bytes | None], name: str) -> str | None:
    value = headers.get(name)
    if not value:
        return None
    text = value.decode(errors="replace")
    if len(text) > LONGEST_ID or "\0" in text:
        raise Undecodable("BAD_HEADER", f"{name} is longer than {LONGEST_ID} characters or holds a NUL character")
    return text


def _time(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        time = datetime.fromisoformat(text)
        return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise Undecodable("BAD_HEADER", f"ce_time is not an ISO 8601 time: {text[:40]!r}") from None


def _record_time(milliseconds: int) -> datetime:
    """When the record was written, by Kafka's own field, which is -1 where the producer left it out."""
    if 0 <= milliseconds < LAST_MS:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    raise Undecodable("BAD_HEADER", f"no ce_time, and the record's own time is {milliseconds} ms")
