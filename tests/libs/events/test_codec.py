import io
import struct
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import fastavro
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from libs.events.catalogue import topics
from libs.events.codec import LARGEST_BYTES, LONGEST_ID, Undecodable, decode, decode_record, encode, encode_record
from libs.events.message import Event, Message, derived_id
from libs.events.models import CheckCompleted, DeadLetter, EntityOnboarded, MatchlistEntryPublished, Task
from libs.events.released import current, published_records
from tests.factory import NOON, event, onboarded, person
from tests.libs.events.examples import example
from tests.libs.events.strategies import events

ONBOARDED = "vetstream.EntityOnboarded"
REASONS = {
    "NULL_VALUE",
    "TOO_LARGE",
    "NOT_FRAMED",
    "UNKNOWN_SCHEMA",
    "WRONG_SCHEMA",
    "NOT_AVRO",
    "INVALID",
    "BAD_HEADER",
}
TOPIC_OF = {topic.schema: name for name, topic in topics().items()}


def refused(message: Message) -> Undecodable:
    """Why a record is refused."""
    with pytest.raises(Undecodable) as caught:
        decode(message)
    assert caught.value.reason in REASONS
    assert str(caught.value)
    return caught.value


def with_header(message: Message, name: str, value: bytes | None) -> Message:
    """The record with another value of one header."""
    return replace(message, headers=(*(one for one in message.headers if one[0] != name), (name, value)))


def without_headers(**more: Any) -> Message:
    """A record of a producer that writes no headers."""
    return replace(encode(onboarded()), headers=(), **more)


@settings(suppress_health_check=[HealthCheck.too_slow])  # an application has many fields
@given(events())
def test_what_is_encoded_is_decoded_again(given_event: Event) -> None:
    assert decode(encode(given_event)) == given_event


def test_the_frame_is_confluents() -> None:
    value = encode(onboarded()).value or b""
    assert value[:5] == b"\0" + struct.pack(">I", current(ONBOARDED).id)


def test_headers_are_those_of_cloud_events_in_binary_mode() -> None:
    sydney = timezone(timedelta(hours=11))
    time = datetime(2026, 3, 1, 23, 0, 0, 1500, sydney)
    one = replace(onboarded(id="e1"), time=time, correlation="x1", causation="e0", traceparent="00-ab-cd-01")
    message = encode(one)
    assert dict(message.headers) == {
        "ce_specversion": b"1.0",
        "ce_id": b"e1",
        "ce_type": b"vetstream.entity.onboarded",
        "ce_source": b"test",
        "ce_time": b"2026-03-01T12:00:00.001500+00:00",
        "ce_subject": b"c1:p1",
        "content-type": b"application/vnd.confluent.avro",
        "correlationid": b"x1",
        "causationid": b"e0",
        "traceparent": b"00-ab-cd-01",
    }
    assert (message.key, message.timestamp) == (b"c1:p1", int(time.timestamp()) * 1000 + 1)


def test_headers_that_say_nothing_are_left_out() -> None:
    names = {name for name, _ in encode(onboarded()).headers}
    assert not names & {"correlationid", "causationid", "traceparent"}


def test_a_record_without_headers_takes_its_id_from_where_it_lies_and_its_time_from_kafka() -> None:
    message = without_headers(partition=2, offset=7, timestamp=1_772_366_400_123)
    found = decode(message)
    assert found.id == derived_id("entity.onboarded/2/7") == decode(message).id
    assert found.id != decode(replace(message, offset=8)).id
    assert found.source == "producers"
    assert found.time == datetime(2026, 3, 1, 12, 0, 0, 123000, UTC)
    assert (found.key, found.correlation, found.causation, found.traceparent) == ("c1:p1", None, None, None)


@pytest.mark.parametrize("empty", [b"", None])
def test_an_empty_header_counts_as_absent(empty: bytes | None) -> None:
    message = replace(encode(onboarded()), partition=2, offset=7)
    for name in ("ce_id", "ce_source", "ce_time"):
        message = with_header(message, name, empty)
    assert decode(message).id == derived_id("entity.onboarded/2/7")
    assert decode(message).source == "producers"


def test_a_time_without_an_offset_is_utc() -> None:
    message = with_header(encode(onboarded()), "ce_time", b"2026-03-01T12:00:00")
    assert decode(message).time == NOON


@pytest.mark.parametrize(
    "time",
    [b"noon", b"2026-13-01T00:00:00Z", b"1772366400", b"\xff\xfe", b"0001-01-01T00:00:00+14:00", b"9" * 5000],
)
def test_a_time_that_is_none_is_refused(time: bytes) -> None:
    assert refused(with_header(encode(onboarded()), "ce_time", time)).reason == "BAD_HEADER"


@pytest.mark.parametrize("name", ["ce_id", "ce_source", "correlationid", "causationid", "traceparent"])
@pytest.mark.parametrize("value", [b"a\0b", b"a" * (LONGEST_ID + 1)])
def test_a_header_that_no_database_would_keep_is_refused(name: str, value: bytes) -> None:
    assert refused(with_header(encode(onboarded()), name, value)).reason == "BAD_HEADER"
    decode(with_header(encode(onboarded()), name, b"a" * LONGEST_ID))


@pytest.mark.parametrize("timestamp", [-1, -(2**63), 2**63 - 1, 253_402_300_800_000])
def test_kafkas_own_time_is_refused_only_where_it_is_needed(timestamp: int) -> None:
    assert refused(without_headers(timestamp=timestamp)).reason == "BAD_HEADER"
    assert decode(replace(encode(onboarded()), timestamp=timestamp)).time == NOON


def test_the_last_time_of_all_is_taken() -> None:
    assert decode(without_headers(timestamp=253_402_300_799_999)).time.year == 9999


@pytest.mark.parametrize("key", [None, b"\xff\xfe"])
def test_any_key_is_taken(key: bytes | None) -> None:
    assert isinstance(decode(replace(encode(onboarded()), key=key)).key, str)


def test_a_value_that_is_missing_is_refused() -> None:
    assert refused(replace(encode(onboarded()), value=None)).reason == "NULL_VALUE"


@pytest.mark.parametrize("value", [b"", b"\0", b"\0\0\0\0", b"\1\0\0\0\4", b'{"customerId": "c1"}'])
def test_a_value_without_the_frame_is_refused(value: bytes) -> None:
    assert refused(replace(encode(onboarded()), value=value)).reason == "NOT_FRAMED"


@pytest.mark.parametrize("schema_id", [0, 9_999, 2**32 - 1])
def test_an_unknown_schema_is_refused(schema_id: int) -> None:
    value = (encode(onboarded()).value or b"")[5:]
    problem = refused(replace(encode(onboarded()), value=struct.pack(">cI", b"\0", schema_id) + value))
    assert problem.reason == "UNKNOWN_SCHEMA"
    assert str(schema_id) in str(problem)


def test_the_record_of_another_topic_is_refused() -> None:
    other = encode_record(example("vetstream.ResultsAmended"))
    assert refused(replace(encode(onboarded()), value=other)).reason == "WRONG_SCHEMA"


@pytest.mark.parametrize("record", published_records())
def test_a_record_cut_short_anywhere_is_refused(record: str) -> None:
    value = encode_record(example(record))
    for length in range(len(value)):
        refused(Message(TOPIC_OF[record], b"k", value[:length], timestamp=1))


@pytest.mark.parametrize("record", published_records())
def test_a_record_followed_by_anything_is_refused(record: str) -> None:
    message = Message(TOPIC_OF[record], b"k", encode_record(example(record)) + b"\0", timestamp=1)
    assert refused(message).reason == "NOT_AVRO"


@pytest.mark.parametrize("record", published_records())
def test_a_record_with_any_byte_changed_is_an_event_or_refused(record: str) -> None:
    value = encode_record(example(record))
    for position in range(len(value)):
        for bits in (0x01, 0x80, 0xFF):
            changed = value[:position] + bytes([value[position] ^ bits]) + value[position + 1 :]
            event_or_refusal(Message(TOPIC_OF[record], b"k", changed, timestamp=1))


@given(topic=st.sampled_from(sorted(topics())), body=st.binary(max_size=400), framed=st.booleans())
def test_garbage_is_an_event_or_refused(topic: str, body: bytes, framed: bool) -> None:
    frame = struct.pack(">cI", b"\0", current(topics()[topic].schema).id) if framed else b""
    event_or_refusal(Message(topic, None, frame + body, timestamp=1))


@given(
    name=st.sampled_from(["ce_id", "ce_source", "ce_time", "correlationid", "causationid", "traceparent", "other"]),
    value=st.none() | st.binary(max_size=300) | st.datetimes().map(lambda time: time.isoformat().encode()),
    timestamp=st.integers(-(2**63), 2**63 - 1),
)
def test_any_header_is_taken_or_refused(name: str, value: bytes | None, timestamp: int) -> None:
    event_or_refusal(with_header(without_headers(timestamp=timestamp), name, value))


def event_or_refusal(message: Message) -> None:
    """Decodes, raising nothing but Undecodable; what comes out can go out again."""
    found = decoded(message)
    if isinstance(found, Undecodable):
        assert found.reason in REASONS
    else:
        # Text, since a score that is no number is unlike itself.
        assert repr(decode(encode(found)).data) == repr(found.data)


def decoded(message: Message) -> Event | Undecodable:
    """The event, or why there is none."""
    try:
        return decode(message)
    except Undecodable as problem:
        return problem


def test_a_record_larger_than_any_event_is_refused() -> None:
    data = EntityOnboarded(customerId="c1", entityId="p1", individual=person(emailAddresses=["x" * LARGEST_BYTES]))
    assert refused(replace(encode(onboarded()), value=encode_record(data))).reason == "TOO_LARGE"
    with pytest.raises(ValueError, match="no consumer takes more"):
        encode(event(data, "entity.onboarded"))


def test_a_dead_letter_may_hold_a_larger_record() -> None:
    original = example("vetstream.DeadLetter")
    letter = original.model_copy(update={"value": b"\0" * (LARGEST_BYTES + 1), "error": "a\0b"})
    assert decode(encode(event(letter, "dlq.results"))).data == letter


@pytest.mark.parametrize("field", ["customerId", "entityId", "requestId"])
def test_an_id_too_long_for_a_database_key_is_refused(field: str) -> None:
    data = onboarded().data.model_copy(update={field: "x" * (LONGEST_ID + 1)})
    problem = refused(encode(event(data, "entity.onboarded")))
    assert problem.reason == "INVALID"
    assert field in str(problem)


def test_an_id_within_the_task_too_long_for_a_database_key_is_refused() -> None:
    task = Task(token="t", customerId="c", entityId="p", workflowExecutionId="x" * 256, requestId="r", stepName="KYC")
    assert refused(encode(event(CheckCompleted(task=task), "kyc.completed"))).reason == "INVALID"


def test_a_nul_character_is_refused_with_its_place_and_without_its_text() -> None:
    problem = refused(encode(onboarded(individual=person(phoneNumbers=["+61", "secret\0"]))))
    assert (problem.reason, str(problem)) == (
        "INVALID", "vetstream.EntityOnboarded.individual.phoneNumbers.1: the text holds a NUL character",
    )  # fmt: skip
    assert refused(encode(onboarded(individual=person(customAttributes={"a\0": "b"})))).reason == "INVALID"


def test_text_that_only_spells_a_nul_character_is_taken() -> None:
    one = onboarded(individual=person(phoneNumbers=["\\u0000"]))
    assert decode(encode(one)).data == one.data


def test_a_time_that_no_clock_shows_is_refused() -> None:
    requested = current("vetstream.CommandRequested")
    datum = example("vetstream.CommandRequested").model_dump()
    value = encode_record(example("vetstream.CommandRequested").model_copy(update={"application": None}))
    at_end = len(value) - 1 - len(_long(int(datum["requestedAt"].timestamp() * 1_000_000)))
    assert [field["name"] for field in requested.document["fields"][-2:]] == ["requestedAt", "application"]
    message = Message("command.requested", b"k", value[:at_end] + _long(2**62) + b"\0", timestamp=1)
    assert refused(message).reason == "NOT_AVRO"


def _long(number: int) -> bytes:
    """A number as Avro writes it."""
    buffer = io.BytesIO()
    fastavro.schemaless_writer(buffer, "long", number)
    return buffer.getvalue()


def test_only_the_record_of_the_topic_is_encoded() -> None:
    with pytest.raises(ValueError, match=r"entity\.onboarded carries vetstream\.EntityOnboarded, not DeadLetter"):
        encode(event(example("vetstream.DeadLetter"), "entity.onboarded"))


@pytest.mark.parametrize("version", [2**63, -(2**63) - 1])
def test_a_number_that_is_no_long_is_not_encoded(version: int) -> None:
    with pytest.raises(ValueError, match="no long"):
        encode(onboarded(entityVersion=version))


def test_a_refusal_tells_nothing_of_the_person() -> None:
    value = encode(onboarded(individual=person("Verysecret", "Person"))).value or b""
    for cut in range(5, len(value)):
        assert "Verysecret" not in str(refused(replace(encode(onboarded()), value=value[:cut])))


def test_decoded_records_are_of_their_own_classes() -> None:
    letter = decode_record("vetstream.DeadLetter", encode_record(example("vetstream.DeadLetter")))
    assert isinstance(letter, DeadLetter)
    entry = decode_record(
        "vetstream.MatchlistEntryPublished", encode_record(example("vetstream.MatchlistEntryPublished"))
    )
    assert isinstance(entry, MatchlistEntryPublished)
