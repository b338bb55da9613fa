"""Numbers of a Map state: written down, at a path, or given by a JSONata expression."""

import json
from typing import Any

from libs.asl.errors import query_evaluation_error, runtime
from libs.asl.fields import Fields
from libs.asl.jsonata_template import read_expression, read_whole
from libs.asl.scope import Evaluator, Scope

_MOST = 2**31 - 1


def read_whole_number(fields: Fields, name: str, default: int | None) -> Evaluator:
    """`<name>`, or with JSONPath `<name>Path`: a whole number, not below 0."""
    if fields.is_jsonata and (evaluate := read_whole(fields, name, 0, _MOST)) is not None:
        return evaluate
    number = fields.integer(name, 0, default)
    find = None if fields.is_jsonata else _read_path(fields, name)
    return find or (lambda value, scope: number)


def read_percentage(fields: Fields, name: str) -> Evaluator:
    """`<name>`, or with JSONPath `<name>Path`: a number from 0 to 100; None where it is absent."""
    if fields.is_jsonata and (evaluate := read_expression(fields, name, "number")) is not None:
        return _percentage(evaluate, name)
    number = fields.number(name, 0, 0) if fields.has(name) else None
    if number is not None and number > 100:
        fields.problem(f'"{name}" must not be more than 100')
    find = None if fields.is_jsonata else _read_path(fields, name)
    return find or (lambda value, scope: number)


def _percentage(evaluate: Evaluator, name: str) -> Evaluator:
    def percentage(value: Any, scope: Scope) -> Any:
        found = evaluate(value, scope)
        if not 0 <= found <= 100:
            raise query_evaluation_error(f"{name} must be between 0 and 100 but was: {found}", name)
        return found

    return percentage


def _read_path(fields: Fields, name: str) -> Evaluator | None:
    fields.at_most_one(name, f"{name}Path")
    find = fields.path_field(f"{name}Path")
    return find and _number_at(find, name, str(fields.get(f"{name}Path")))


def _number_at(find: Evaluator, name: str, path: str) -> Evaluator:
    def number(value: Any, scope: Scope) -> int:
        found = find(value, scope)
        whole = _whole(found)
        if whole is None:
            shown = found if isinstance(found, str) else json.dumps(found)
            fault = f'refers to value "{shown}" which is not a valid integer: {path}'
            raise runtime(f"The {name}Path field {fault}")
        if whole < 0:
            raise runtime(f"{name} cannot be negative.")
        return whole

    return number


def _whole(found: Any) -> int | None:
    """A whole number that is written as text counts, too, as on AWS."""
    if isinstance(found, str) and found.isascii() and found.removeprefix("-").isdecimal():
        return int(found)
    return found if type(found) is int else None
