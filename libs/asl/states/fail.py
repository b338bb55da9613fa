"""Fail: ends its branch with an error of the author's own."""

from typing import Any, NoReturn

from libs.asl.errors import StateFailure, runtime
from libs.asl.fields import Fields
from libs.asl.intrinsic_call import InvalidIntrinsic
from libs.asl.jsonata_template import read_expression
from libs.asl.paths import InvalidPath, PathNotFound
from libs.asl.payload_template import compile_expression
from libs.asl.scope import Evaluator, Scope
from libs.asl.states.state import State


class Fail(State):
    kind = "Fail"

    def __init__(self, name: str, fields: Fields) -> None:
        super().__init__(name, fields)
        self.is_jsonata = fields.is_jsonata
        self.error = _read_text(fields, "Error")
        self.cause = _read_text(fields, "Cause")

    def execute(self, raw: Any, scope: Scope) -> NoReturn:
        value = {"input": raw} if self.is_jsonata else raw
        raise StateFailure(self.error(value, scope), self.cause(value, scope))


def _read_text(fields: Fields, name: str) -> Evaluator:
    """A text or an expression that gives one; with JSONPath a path or intrinsic function stands in `<name>Path`."""
    text = fields.text(name)
    if fields.is_jsonata:
        return read_expression(fields, name, "string") or (lambda value, scope: text)
    fields.at_most_one(name, f"{name}Path")
    expression = fields.text(f"{name}Path")
    if expression is None:
        return lambda value, scope: text
    try:
        return _text_of(compile_expression(expression), f"{name}Path", expression)
    except (InvalidPath, InvalidIntrinsic) as error:
        fields.problem(f'"{name}Path": {error}')
        return lambda value, scope: None


def _text_of(evaluate: Evaluator, name: str, expression: str) -> Evaluator:
    def text(value: Any, scope: Scope) -> str:
        try:
            found = evaluate(value, scope)
        except PathNotFound:
            raise runtime(f"Invalid path '{expression}': the {name} field leads to nothing in the input.") from None
        if not isinstance(found, str):
            raise runtime(f"The {name} field '{expression}' must give a string.")
        return found

    return text
