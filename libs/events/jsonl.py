"""Commands that read a line of JSON and answer with one: what every such command does with a line."""

import json
from collections.abc import Callable, Mapping
from typing import Any, NoReturn


class BadLine(ValueError):
    """A line that is not what the command reads; the text names the place."""


PAIR = 'with "left" and "right"'


def answered(line: bytes, answer: Callable[[Mapping[str, Any]], dict[str, Any]], having: str = "") -> str:
    """The answer to one line as JSON, or `{"error"}`: no line ends the run. `having` says what the object has."""
    try:
        return json.dumps(answer(_object(line, having)), ensure_ascii=False, allow_nan=False)
    except BadLine as bad:
        return json.dumps({"error": str(bad)}, ensure_ascii=False)
    except Exception as bug:
        return json.dumps({"error": f"this line cannot be worked on: {type(bug).__name__}: {bug}"})


def sides(asked: Mapping[str, Any]) -> tuple[Any, Any]:
    """What is to be compared; raises BadLine."""
    for side in ("left", "right"):
        if side not in asked:
            raise BadLine(f'"{side}" is missing')
    return asked["left"], asked["right"]


def _object(line: bytes, having: str) -> Mapping[str, Any]:
    if not line.strip():
        raise BadLine("the line is empty")
    try:
        asked = json.loads(line, parse_constant=_refused)
    except (ValueError, RecursionError) as error:
        raise BadLine(f"a line must be JSON: {error}") from None
    if not isinstance(asked, Mapping):
        raise BadLine(f"a line must be an object {having}".rstrip())
    return asked


def _refused(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")
