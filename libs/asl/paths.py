"""JSONPath: reference paths are compiled by hand, the rest by python-jsonpath."""

import re
from collections.abc import Callable
from typing import Any

import jsonpath

from libs.asl.filters import Environment
from libs.asl.scope import Evaluator, Scope

Steps = tuple[str | int, ...]

_STEP = re.compile(
    r"""\.(?P<name>[^\s.\[\]'"*?()@,:$]+)"""
    r"""|\[\s*(?P<quote>['"])(?P<quoted>(?:\\.|(?!(?P=quote))[^\\])*)(?P=quote)\s*\]"""
    r"""|\[\s*(?P<index>-?\d+)\s*\]"""
)
# Two ways of Jayway's, whose paths AWS takes: to count from the end, and to count.
_LENGTH_MINUS = re.compile(r"\[\(@\.length\s*-\s*(\d+)\)\]")
_LENGTH = ".length()"
_VARIABLE = re.compile(r"\$([^\W\d]\w*)")


_ENVIRONMENT = Environment()


class InvalidPath(ValueError):
    """The text is not a path."""


class PathNotFound(Exception):
    """A definite path leads nowhere in this value; `past_end`: its last step is an index past the end of an array."""

    def __init__(self, path: str, *, past_end: bool = False) -> None:
        super().__init__(path)
        self.path = path
        self.past_end = past_end


def parse_reference_path(text: str) -> Steps | None:
    """The steps of a path that names exactly one place; None for any other path."""
    if not text.startswith("$"):
        return None
    steps: list[str | int] = []
    at = 1
    while at < len(text):
        match = _STEP.match(text, at)
        if match is None:
            return None
        steps.append(_step_of(match))
        at = match.end()
    return tuple(steps)


def _step_of(match: re.Match[str]) -> str | int:
    if match["index"] is not None:
        return int(match["index"])
    if match["quoted"] is not None:
        return re.sub(r"\\(.)", r"\1", match["quoted"])
    return match["name"]


def compile_path(text: str) -> Evaluator:
    """Compile any path; `$$` starts at the context object, `$name` at a variable. The evaluator raises PathNotFound."""
    if text.startswith("$$"):
        find = _compile(text[1:], text)

        def in_context(value: Any, scope: Scope) -> Any:
            return find(scope.context())

        return in_context
    variable = _VARIABLE.match(text)
    if variable is not None:
        return _in_variable(variable[1], _compile(f"${text[variable.end() :]}", text), text)
    search = _compile(text, text)

    def in_input(value: Any, scope: Scope) -> Any:
        return search(value)

    return in_input


def _in_variable(name: str, find: Callable[[Any], Any], shown: str) -> Evaluator:
    if name == "states":
        raise InvalidPath(f'"{shown}" is JSONata, and the query language here is JSONPath')

    def in_variable(value: Any, scope: Scope) -> Any:
        variables = scope.variables()
        if name not in variables:
            raise PathNotFound(shown)
        return find(variables[name])

    return in_variable


def _compile(text: str, shown: str) -> Callable[[Any], Any]:
    text = _LENGTH_MINUS.sub(r"[-\1]", text)
    if text.endswith(_LENGTH):
        return _length(_compile(text.removesuffix(_LENGTH), shown), shown)
    steps = parse_reference_path(text)
    if steps is not None:
        return _follow(steps, shown)
    return _query(text, shown)


def _length(find: Callable[[Any], Any], shown: str) -> Callable[[Any], Any]:
    def length(value: Any) -> int:
        found = find(value)
        if not isinstance(found, list | dict | str):
            raise PathNotFound(shown)
        return len(found)

    return length


def _follow(steps: Steps, shown: str) -> Callable[[Any], Any]:
    if not steps:
        return lambda value: value
    if len(steps) == 1 and isinstance(steps[0], str):
        return _member(steps[0], shown)

    def follow(value: Any) -> Any:
        for at, step in enumerate(steps):
            # A string has items, too: only an object has members, only an array elements.
            if not isinstance(value, dict if isinstance(step, str) else list):
                raise PathNotFound(shown)
            try:
                value = value[step]  # type: ignore[index]
            except KeyError:
                raise PathNotFound(shown) from None
            except IndexError:
                raise PathNotFound(shown, past_end=at == len(steps) - 1) from None
        return value

    return follow


def _member(name: str, shown: str) -> Callable[[Any], Any]:
    def member(value: Any) -> Any:
        if isinstance(value, dict) and name in value:
            return value[name]
        raise PathNotFound(shown)

    return member


def _query(text: str, shown: str) -> Callable[[Any], Any]:
    """A path that may name many places gives the list of what it finds, which may be empty."""
    if not text.startswith("$"):
        raise InvalidPath(f'"{shown}" is not a path: a path starts with "$"')
    try:
        query = _ENVIRONMENT.compile(text)
    except jsonpath.JSONPathError as error:
        raise InvalidPath(f'"{shown}" is not a path: {str(error).splitlines()[0]}') from None

    def search(value: Any) -> list[Any]:
        # A search in a scalar finds nothing, and python-jsonpath would read a string as JSON text.
        if not isinstance(value, dict | list):
            return []
        try:
            return query.findall(value)
        except jsonpath.JSONPathError:
            raise PathNotFound(shown) from None

    return search


class CannotPlace(Exception):
    """The place that a path names cannot be made in this document."""


def placed(document: Any, steps: Steps, value: Any) -> Any:
    """A copy of the document with the value at a place; members missing on the way are made, array elements are not."""
    if not steps:
        return value
    step, rest = steps[0], steps[1:]
    if isinstance(step, str):
        if not isinstance(document, dict):
            raise CannotPlace
        return {**document, step: placed(document.get(step, {}), rest, value)}
    if not isinstance(document, list) or not -len(document) <= step < len(document):
        raise CannotPlace
    copy = list(document)
    copy[step] = placed(copy[step], rest, value)
    return copy
