"""Whole numbers of a Map state: written down, at a path, or given by a JSONata expression."""

import json

from libs.asl.errors import runtime
from libs.asl.fields import Fields
from libs.asl.jsonata_template import read_whole
from libs.asl.scope import Evaluator, Scope

_MOST = 2**31 - 1


def read_number(fields: Fields, name: str, default: int | None, most: int = _MOST) -> Evaluator:
    """`<name>`, or with JSONPath `<name>Path`; a number that is written as text counts, too, as on AWS."""
    if fields.is_jsonata and (evaluate := read_whole(fields, name, 0, most)) is not None:
        return evaluate
    number = fields.integer(name, 0, default)
    if number is not None and number > most:
        fields.problem(f'"{name}" must not be more than {most}')
    if not fields.is_jsonata:
        fields.at_most_one(name, f"{name}Path")
        find = fields.path_field(f"{name}Path")
        if find is not None:
            return _number_at(find, name, str(fields.get(f"{name}Path")), most)
    return lambda value, scope: number


def _number_at(find: Evaluator, name: str, path: str, most: int) -> Evaluator:
    def number(value: object, scope: Scope) -> int:
        found = find(value, scope)
        whole = _whole(found)
        if whole is None:
            shown = found if isinstance(found, str) else json.dumps(found)
            fault = f'refers to value "{shown}" which is not a valid integer: {path}'
            raise runtime(f"The {name}Path field {fault}")
        if whole < 0:
            raise runtime(f"{name} cannot be negative.")
        if whole > most:
            raise runtime(f"{name} cannot be more than {most}.")
        return whole

    return number


def _whole(found: object) -> int | None:
    if isinstance(found, str) and found.removeprefix("-").isdecimal() and found.isascii():
        return int(found)
    return found if type(found) is int else None
