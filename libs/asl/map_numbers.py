"""Numbers of a Map state: written down, at a path, or given by a JSONata expression."""

import json
import re
from collections.abc import Callable
from typing import Any

from libs.asl.errors import query_evaluation_error, runtime
from libs.asl.fields import Fields
from libs.asl.jsonata_template import read_expression, read_whole
from libs.asl.scope import Evaluator, Scope

_MOST = 2**31 - 1
_NUMBER = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?")
_Read = Callable[[Any], float | None]


def read_whole_number(fields: Fields, name: str, default: int | None) -> Evaluator:
    """`<name>`, or with JSONPath `<name>Path`: a whole number, not below 0."""
    if fields.is_jsonata and (evaluate := read_whole(fields, name, 0, _MOST)) is not None:
        return evaluate
    number = fields.integer(name, 0, default)
    return _read_path(fields, name, _whole, "integer", _MOST) or (lambda value, scope: number)


def read_percentage(fields: Fields, name: str) -> Evaluator:
    """`<name>`, or with JSONPath `<name>Path`: a number from 0 to 100; None where it is absent."""
    if fields.is_jsonata and (evaluate := read_expression(fields, name, "number")) is not None:
        return _percentage(evaluate, name)
    number = fields.number(name, 0, 0) if fields.has(name) else None
    if number is not None and number > 100:
        fields.problem(f'"{name}" must not be more than 100')
    return _read_path(fields, name, _any, "float", 100) or (lambda value, scope: number)


def _percentage(evaluate: Evaluator, name: str) -> Evaluator:
    def percentage(value: Any, scope: Scope) -> Any:
        found = evaluate(value, scope)
        if not 0 <= found <= 100:
            raise query_evaluation_error(f"{name} must be between 0 and 100 but was: {found}", name)
        return found

    return percentage


def _read_path(fields: Fields, name: str, read: _Read, kind: str, most: int) -> Evaluator | None:
    if fields.is_jsonata:
        return None
    fields.at_most_one(name, f"{name}Path")
    find, path = fields.path_field(f"{name}Path"), str(fields.get(f"{name}Path"))
    if find is None:
        return None

    def number(value: Any, scope: Scope) -> float:
        found = find(value, scope)
        given = read(found)
        if given is None:
            shown = found if isinstance(found, str) else json.dumps(found)
            fault = f'refers to value "{shown}" which is not a valid {kind}: {path}'
            raise runtime(f"The {name}Path field {fault}")
        if given < 0:
            raise runtime(f"{name} cannot be negative.")
        if given > most:
            raise runtime(f"{name} cannot be more than {most}.")
        return given

    return number


def _whole(found: Any) -> int | None:
    """A number that is written as text counts, too, as on AWS."""
    if isinstance(found, str) and found.isascii() and found.removeprefix("-").isdecimal():
        return int(found)
    return found if type(found) is int else None


def _any(found: Any) -> float | None:
    if isinstance(found, str) and _NUMBER.fullmatch(found):
        return float(found)
    return found if type(found) in (int, float) else None
