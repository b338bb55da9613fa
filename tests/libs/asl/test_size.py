"""The limit of 256 KiB."""

import pytest

from libs.asl.size import MAX_BYTES, Known, bytes_of


def nested(depth: int) -> object:
    """A list in a list in a list."""
    value: object = None
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "too_large"),
    [
        ("x" * (MAX_BYTES - 2), False),
        ("x" * (MAX_BYTES - 1), True),
        ("é" * (MAX_BYTES // 2 - 1), False),
        ("é" * (MAX_BYTES // 2), True),
        ("\N{GRINNING FACE}" * (MAX_BYTES // 4), True),
        ({"a": [1, 2, 3]}, False),
        (nested(100), False),
        (nested(100_000), True),
    ],
)
def test_bytes_are_counted_not_characters(value: object, too_large: bool) -> None:
    assert (bytes_of(value) > MAX_BYTES) is too_large


@pytest.mark.parametrize(
    ("value", "size"),
    [(None, 4), ("é", 4), ({"a": [1, True]}, 14), (2**70, 22), ("\ud800", 5), ({1: 2}, 7), (1.5, 3)],
)
def test_what_a_value_takes(value: object, size: int) -> None:
    assert bytes_of(value) == size


def test_what_is_known_is_not_measured_again() -> None:
    payload, result = {"name": "Ada"}, ["ok"]
    known = Known(payload, 100)
    known.add(result, 50)
    assert (known.bytes_of(payload), known.bytes_of(result), known.bytes_of({"name": "Ada"})) == (100, 50, 14)
