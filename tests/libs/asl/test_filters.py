"""Filters of JSONPath."""

from typing import Any

import pytest

from libs.asl.paths import InvalidPath, PathNotFound, compile_path
from tests.libs.asl.scopes import FixedScope


def found(path: str, value: Any) -> Any:
    return compile_path(path)(value, FixedScope())


@pytest.mark.parametrize(
    ("pattern", "texts"),
    [
        ("/a.c/", ["abc"]),
        ("/A.C/i", ["abc"]),
        ("/a.c/s", ["abc", "a\nc"]),
        (r"/a\/b/", ["a/b"]),
        (r"/\w+/", ["abc", "xabc"]),
    ],
)
def test_a_text_fits_a_pattern_as_a_whole(pattern: str, texts: list[str]) -> None:
    given = [{"t": text} for text in ("abc", "xabc", "a\nc", "a/b")] + [{"t": 5}, {"t": None}, {}]
    assert found(f"$[?(@.t =~ {pattern})].t", given) == texts


def test_a_pattern_that_goes_back_and_forth_is_given_up() -> None:
    with pytest.raises(PathNotFound):
        found("$[?(@.t =~ /(a+)+/)]", [{"t": "a" * 60 + "!"}])


def test_comparisons_are_as_they_were() -> None:
    given = [{"n": 1, "t": "a"}, {"n": 2, "t": "b"}]
    assert found("$[?(@.n > 1 && @.t == 'b')].n", given) == [2]
    assert found("$[?(@.t in ['a', 'c'])].n", given) == [1]


@pytest.mark.parametrize("function", ["match(@.t, 'a')", "search(@.t, 'a')", "startswith(@.t, 'a')"])
def test_functions_that_aws_does_not_have_are_refused(function: str) -> None:
    with pytest.raises(InvalidPath, match="is not a path"):
        compile_path(f"$[?{function}]")
