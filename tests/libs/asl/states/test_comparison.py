"""StringMatches."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libs.asl.states.comparison import literal_parts, string_matches


@pytest.mark.parametrize(
    ("value", "pattern", "matches"),
    [
        ("foo23.log", "*.log", True),
        ("zebra.log", "foo*.log", False),
        ("a-b-c", "*-*-*", True),
        ("aba", "ab*ba", False),
        ("abab", "*ab", True),
        ("a*b", r"a\*b", True),
        ("axb", r"a\*b", False),
        ("a\\b", r"a\\b", True),
        ("", "*", True),
        ("", "", True),
        ("x", "", False),
        (None, "*", False),
    ],
)
def test_wildcards(value: object, pattern: str, matches: bool) -> None:
    assert string_matches(value, pattern) is matches


@settings(deadline=None)
@given(st.text("ab*", max_size=12), st.text("ab", max_size=20))
def test_it_agrees_with_a_regular_expression(pattern: str, value: str) -> None:
    expected = re.fullmatch(".*".join(re.escape(part) for part in literal_parts(pattern)), value) is not None
    assert string_matches(value, pattern) is expected


def test_a_hostile_pattern_takes_no_time() -> None:
    assert not string_matches("a" * 20_000, "*a" * 5_000 + "*b")
