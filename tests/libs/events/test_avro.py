import io
from typing import Any

import fastavro
import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.events.avro import of_optional, read, write, write_array, write_field
from libs.events.codec import Undecodable, decode, encode
from libs.events.models import CheckCompleted, WorkflowProgressed
from libs.events.record import Record
from libs.events.released import current, published_records, versions
from tests.factory import event
from tests.libs.events.examples import example
from tests.libs.events.strategies import records

any_record = st.sampled_from(published_records()).flatmap(lambda name: st.tuples(st.just(name), records(name)))
COMPLETED = "vetstream.CheckCompleted"


def by_fastavro(name: str, data: Record) -> bytes:
    """What fastavro writes by itself."""
    buffer = io.BytesIO()
    fastavro.schemaless_writer(buffer, current(name).parsed, data.model_dump())
    return buffer.getvalue()


@given(any_record)
def test_naming_the_branches_changes_no_byte(given_record: tuple[str, Record]) -> None:
    name, data = given_record
    assert write(current(name), data.model_dump(), {}) == by_fastavro(name, data)


@given(any_record, st.data())
def test_fields_taken_out_and_put_in_again_make_the_same_bytes(
    given_record: tuple[str, Record], draw: st.DataObject
) -> None:
    name, data = given_record
    schema, whole = current(name), by_fastavro(name, data)
    kept = draw.draw(st.sets(st.sampled_from(sorted(type(data).model_fields)), min_size=1))
    datum, encoded = read(schema, schema, io.BytesIO(whole), kept)
    assert type(data).model_validate(datum) == data
    assert encoded == {field: write_field(schema, field, data.model_dump()[field]) for field in kept}
    others: dict[str, Any] = {field: value for field, value in data.model_dump().items() if field not in kept}
    assert write(schema, others, encoded) == whole


def test_an_answer_is_accepted_in_the_bytes_that_brought_it() -> None:
    answer = example(COMPLETED)
    assert isinstance(answer, CheckCompleted)
    story = example("vetstream.WorkflowProgressed").model_copy(update={"accepted": [answer.result] * 70})
    result = of_optional(write_field(current(COMPLETED), "result", answer.model_dump()["result"]))
    assert result is not None
    spliced = write(
        current("vetstream.WorkflowProgressed"), story.model_dump(exclude={"accepted"}),
        {"accepted": write_array([result] * 70)},
    )  # fmt: skip
    schema = current("vetstream.WorkflowProgressed")
    datum, _ = read(schema, schema, io.BytesIO(spliced), ())
    assert WorkflowProgressed.model_validate(datum) == story
    assert write_array([]) == b"\0"


def test_of_null_and_of_a_branch_written_at_length_nothing_is_passed_on() -> None:
    result = write_field(current(COMPLETED), "result", example(COMPLETED).model_dump()["result"])
    assert of_optional(write_field(current(COMPLETED), "result", None)) is None
    assert of_optional(b"\x82\x00" + result[1:]) is None
    assert of_optional(b"") is None


def test_what_another_version_wrote_is_read_and_nothing_of_it_is_kept() -> None:
    newest, data = current(COMPLETED), example(COMPLETED)
    older = versions(COMPLETED)[0]
    another = type(older)(older.record, 0, 0, older.document, fastavro.parse_schema(older.document))
    datum, encoded = read(another, newest, io.BytesIO(write(another, data.model_dump(), {})), ("result",))
    assert (CheckCompleted.model_validate(datum), encoded) == (data, {})


def test_an_event_keeps_the_bytes_that_were_asked_for_and_a_truncated_one_is_refused() -> None:
    message = encode(event(example(COMPLETED), "kyc.completed"))
    kept = decode(message, {COMPLETED: ("result",)})
    assert kept.encoded == {"result": write_field(current(COMPLETED), "result", kept.data.model_dump()["result"])}
    assert encode(kept).value == message.value
    assert message.value is not None
    for end in range(5, len(message.value)):
        cut = type(message)(message.topic, message.key, message.value[:end], message.headers, timestamp=1)
        with pytest.raises(Undecodable, match=r"not readable|follow"):
            decode(cut, {COMPLETED: ("result",)})
