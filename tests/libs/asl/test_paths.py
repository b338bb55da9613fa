"""Paths: what they find, and what they refuse."""

from typing import Any

import pytest

from libs.asl.paths import CannotPlace, InvalidPath, PathNotFound, compile_path, parse_reference_path, placed
from tests.libs.asl.scopes import FixedScope

DOCUMENT = {"a": {"b": [10, {"c": 20}], "x-y": 1, "with space": 2}, "s": "text", "n": None}


def found(path: str, value: Any = DOCUMENT) -> Any:
    """What a path finds."""
    return compile_path(path)(value, FixedScope())


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("$", DOCUMENT),
        ("$.s", "text"),
        ("$.n", None),
        ("$.a.b[0]", 10),
        ("$.a.b[1].c", 20),
        ("$.a.b[-1].c", 20),
        ("$['a']['with space']", 2),
        ('$["a"].x-y', 1),
        ("$.a.b[(@.length-1)].c", 20),
        ("$.a.b.length()", 2),
        ("$$.Execution.Id", "e1"),
    ],
)
def test_a_definite_path_finds_one_value(path: str, value: Any) -> None:
    assert found(path) == value


@pytest.mark.parametrize(
    "path",
    ["$.no", "$.a.no", "$.s.length", "$.s[0]", "$.n.x", "$.a.b[2]", "$.a.b.c", "$.a[0]", "$.n.length()", "$$.no"],
)
def test_a_definite_path_that_leads_nowhere_is_an_error(path: str) -> None:
    with pytest.raises(PathNotFound):
        found(path)


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("$.a.b[*]", [10, {"c": 20}]),
        ("$.a.b[0:1]", [10]),
        ("$..c", [20]),
        ("$.a.b[?(@.c == 20)].c", [20]),
        ("$.no[*].x", []),
        ("$.s[*]", []),
    ],
)
def test_an_indefinite_path_finds_a_list_that_may_be_empty(path: str, values: list[Any]) -> None:
    assert found(path) == values


def test_a_text_is_no_document() -> None:
    assert found("$[*]", "[1, 2]") == []


@pytest.mark.parametrize("path", ["", "a", "$.", "$[", "$.a[", "bug$.x", "$.a[?]"])
def test_what_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(InvalidPath):
        compile_path(path)


def test_a_hostile_path_takes_no_time() -> None:
    assert parse_reference_path("$['" + "\\a" * 5_000) is None


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("$n", 5),
        ("$person.name", "Ada"),
        ("$person['name']", "Ada"),
        ("$person.names[1]", "Lovelace"),
        ("$person..name", ["Ada"]),
    ],
)
def test_a_path_may_begin_at_a_variable(path: str, found: Any) -> None:
    assert compile_path(path)({"n": 1}, FixedScope()) == found


def test_a_variable_that_was_not_assigned_is_found_nowhere() -> None:
    with pytest.raises(PathNotFound):
        compile_path("$nobody.name")({}, FixedScope())


def test_the_name_that_is_reserved_is_no_variable() -> None:
    with pytest.raises(InvalidPath, match="is JSONata"):
        compile_path("$states.input")


def test_a_reference_path_names_one_place() -> None:
    assert parse_reference_path("$.a['b c'][0]") == ("a", "b c", 0)
    assert parse_reference_path("$.a[*]") is None
    assert parse_reference_path("a") is None


def test_placing_makes_what_is_missing_and_leaves_the_document_alone() -> None:
    document = {"a": {"x": 1}, "list": [1, 2]}
    assert placed(document, ("a", "b", "c"), 5) == {"a": {"x": 1, "b": {"c": 5}}, "list": [1, 2]}
    assert placed(document, ("list", 1), 5) == {"a": {"x": 1}, "list": [1, 5]}
    assert placed(document, (), 5) == 5
    assert document == {"a": {"x": 1}, "list": [1, 2]}


@pytest.mark.parametrize(
    ("document", "steps"),
    [({"a": 5}, ("a", "b")), ({"a": None}, ("a", "b")), ([], ("a",)), ({}, (0,)), ([1], (1,)), ("s", ("a",))],
)
def test_a_place_that_cannot_be_made_is_an_error(document: Any, steps: tuple[str | int, ...]) -> None:
    with pytest.raises(CannotPlace):
        placed(document, steps, 1)
