"""JSON that others wrote."""

import pytest

from libs.asl.plain_json import parse


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": [1, -0.5, 1e300, "x", null]}', {"a": [1, -0.5, 1e300, "x", None]}),
        (b"\xef\xbb\xbf7", 7),
        ("9" * 300, 10**300 - 1),
    ],
)
def test_json_is_read(text: str | bytes, value: object) -> None:
    assert parse(text) == value


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[" * 50_000, "it is nested too deeply"),
        ("[NaN]", "NaN is no number of JSON's"),
        ("-1e400", "-1e400 is larger than any number can be"),
        ("9" * 5000, "a number has too many digits"),
        ("{'a': 1}", "Expecting property name"),
        (b"\xff\xff", "codec can't decode"),
    ],
)
def test_what_is_no_json_is_refused_in_words(text: str | bytes, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        parse(text)


def test_a_name_that_stands_twice_is_refused_where_an_author_would_lose_one() -> None:
    text = '{"States": {"A": {}, "B": {}, "A": {}}}'
    with pytest.raises(ValueError, match='"A" stands twice in one object'):
        parse(text, by_author=True)
    assert parse(text) == {"States": {"A": {}, "B": {}}}
