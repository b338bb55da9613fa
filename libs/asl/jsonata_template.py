"""JSONata templates: JSON in which every text in `{% … %}` is replaced by what its expression gives."""

from collections.abc import Callable, Collection
from typing import Any

from libs.asl.errors import query_evaluation_error
from libs.asl.fields import Fields
from libs.asl.jsonata import InvalidExpression, compile_jsonata, expect, is_expression
from libs.asl.scope import Evaluator, Scope


def read_jsonata(fields: Fields, name: str, states: Collection[str] = (), within: str = "") -> Evaluator | None:
    """The template in a field; None where the field is absent. `within` is put before the names that failures tell."""
    if not fields.has(name):
        return None
    template = fields.get(name)
    compiler = _Compiler(fields, {"input", "context", *states})
    return compiler.compile(template, f".{name}", f"{within}{name}") or _constant(template)


def read_expression(
    fields: Fields, name: str, wanted: str, within: str = "", *, also: str | None = None
) -> Evaluator | None:
    """The expression in a field, whose value must be of a type; None where the field holds something else."""
    text = fields.get(name)
    try:
        if not is_expression(text):
            return None
        field = f"{within}{name}"
        return expect(compile_jsonata(text, field), text, field, wanted, also)
    except InvalidExpression as error:
        fields.problem(f'"{name}": {error}')
        return lambda value, scope: None


def read_whole(fields: Fields, name: str, least: int, most: int) -> Evaluator | None:
    """The expression in a field, whose value must be a whole number; None where the field holds something else."""
    evaluate = read_expression(fields, name, "number")
    return evaluate and _checked(evaluate, lambda found: _whole_fault(found, name, least, most), name)


def _whole_fault(found: float, name: str, least: int, most: int) -> str | None:
    if type(found) is not int:
        return f"The {name} field cannot be parsed as an integer: {found}"
    return None if least <= found <= most else f"{name} must be between {least} and {most} but was: {found}"


def _checked(evaluate: Evaluator, fault_of: Callable[[Any], str | None], field: str) -> Evaluator:
    def checked(value: Any, scope: Scope) -> Any:
        found = evaluate(value, scope)
        fault = fault_of(found)
        if fault is not None:
            raise query_evaluation_error(fault, field)
        return found

    return checked


class _Compiler:
    def __init__(self, fields: Fields, states: Collection[str]) -> None:
        self._fields = fields
        self._states = states

    def compile(self, node: Any, at: str, field: str) -> Evaluator | None:
        """None means that nothing in the node is to be replaced."""
        if isinstance(node, dict):
            inner = {key: self.compile(value, f"{at}.{key}", f"{field}/{key}") for key, value in node.items()}
            return _object(node, inner) if any(inner.values()) else None
        if isinstance(node, list):
            items = [self.compile(item, f"{at}[{i}]", f"{field}[{i}]") for i, item in enumerate(node)]
            return _array(node, items) if any(items) else None
        try:
            return compile_jsonata(node, field, self._states) if is_expression(node) else None
        except InvalidExpression as error:
            self._fields.problem(str(error), at)
            return None


def _object(node: dict[str, Any], inner: dict[str, Evaluator | None]) -> Evaluator:
    members = [(key, inner[key] or _constant(value)) for key, value in node.items()]
    return lambda value, scope: {key: evaluate(value, scope) for key, evaluate in members}


def _array(node: list[Any], inner: list[Evaluator | None]) -> Evaluator:
    items = [evaluate or _constant(item) for evaluate, item in zip(inner, node, strict=True)]
    return lambda value, scope: [evaluate(value, scope) for evaluate in items]


def _constant(value: Any) -> Evaluator:
    return lambda _value, _scope: value
