"""The limit of 256 KiB."""

import pytest

from libs.asl.size import MAX_BYTES, exceeds_limit


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
    assert exceeds_limit(value) is too_large
