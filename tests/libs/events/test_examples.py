import json
from typing import Any

import pytest

from libs.events.codec import decode_record, encode_record
from libs.events.released import published_records
from tests.libs.events.examples import FOLDER, example, path_of


def test_every_published_record_has_an_example_and_nothing_else_has() -> None:
    assert sorted(FOLDER.iterdir()) == sorted(path_of(record) for record in published_records())


@pytest.mark.parametrize("record", published_records())
def test_an_example_is_valid_and_survives_the_wire(record: str) -> None:
    data = example(record)
    assert decode_record(record, encode_record(data)) == data


@pytest.mark.parametrize("record", published_records())
def test_an_example_is_read_as_it_is_written(record: str) -> None:
    said = json.loads(path_of(record).read_text())
    read = example(record).model_dump(mode="json", exclude_unset=True)
    assert _without_times(read) == _without_times(said)


def _without_times(value: Any) -> Any:
    """A time may be written in several ways."""
    if isinstance(value, dict):
        return {k: _without_times(v) for k, v in value.items() if k not in ("deadline", "timestamp") and k[-2:] != "At"}
    return [_without_times(one) for one in value] if isinstance(value, list) else value
