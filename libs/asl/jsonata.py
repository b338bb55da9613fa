"""JSONata: an expression in `{% … %}` is compiled once, then evaluated on `$states` and the variables."""

import json
import re
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import jlens

from libs.asl.errors import StateFailure, query_evaluation_error
from libs.asl.jsonata_functions import FUNCTIONS, FunctionFailure, random, uuid
from libs.asl.scope import Evaluator, Scope

# What bounds an evaluation must be the same everywhere: steps, depth and sizes, never time. The sizes are AWS's. A step
# is 0.06 µs as a rule, and up to 20 µs in a regular expression that goes back and forth.
_LIMITS = {
    "max_steps": 400_000,
    "max_depth": 100,
    "max_array_length": 360_145,
    "max_string_length": 6_990_256,
    "max_result_size": 6_990_256,
}
_TOO_DEEP = "Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive"
_TOO_MUCH = "Expression evaluation memory limit exceeded: Check for excessive memory usage"
_CALLED = re.compile(r"\$(\w+)")
_NO_STATES = frozenset({"input", "context"})
_TYPES: dict[type, str] = {
    bool: "boolean",
    int: "number",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
    type(None): "null",
}


def _nothing() -> None:
    return None


# Functions that are given anew to each evaluation.
_DRAWS = {"random": _nothing, "uuid": _nothing}


class InvalidExpression(ValueError):
    """The text is not a JSONata expression that a state could evaluate."""


def is_expression(text: Any) -> bool:
    """The value is a text in `{% … %}`; raises InvalidExpression where only one end is there."""
    if not isinstance(text, str):
        return False
    opened, closed = text.startswith("{%"), text.endswith("%}")
    if opened != closed or (opened and len(text) < 4):
        raise InvalidExpression(f'"{text}" is not an expression: it begins with "{{%" and ends with "%}}"')
    return opened


def compile_jsonata(text: str, field: str, states: Collection[str] = _NO_STATES) -> Evaluator:
    """Compile `{% … %}`; `states` names the members of `$states` that there are at its field."""
    source = text[2:-2].strip()
    try:
        expression = jlens.Expression(source)
    except jlens.JlensError as error:
        raise InvalidExpression(f'"{source}" is not JSONata: {error}') from None
    called = set(_CALLED.findall(source))
    for name in called & FUNCTIONS.keys():
        expression.register_function(name, *FUNCTIONS[name])
    reads = _Reads(expression)
    reads.check(source, states)
    return _Evaluation(expression, field, reads, called).evaluate


def variables_read(text: str) -> set[str]:
    """The variables that `{% … %}` reads without having set them; none of what is no JSONata."""
    try:
        reads = jlens.Expression(text[2:-2].strip()).reads(_DRAWS)
    except jlens.JlensError:
        return set()
    return set(reads["bindings"]) - {"states", *FUNCTIONS, *_DRAWS}


class _Reads:
    """What an expression looks at, so that it is given no more than that."""

    def __init__(self, expression: jlens.Expression) -> None:
        reads: Mapping[str, Any] = expression.reads(_DRAWS)
        self.top = reads.get("input")
        self.everything = bool(reads.get("everyBinding"))
        self.variables = {name: tree for name, tree in reads["bindings"].items() if name != "states"}
        # The members that are looked at; None means perhaps all.
        states: Any = True if self.everything else reads["bindings"].get("states", {})
        self.states: Mapping[str, Any] | None = None if states is True else states
        self.context = self.states is None or "context" in self.states

    def check(self, source: str, states: Collection[str]) -> None:
        """Refuse what can never be there."""
        if isinstance(self.top, Mapping) and self.top:
            raise InvalidExpression(
                f'"{source}" reads "{next(iter(self.top))}", which is neither $states nor a variable'
            )
        if self.top and "$$" in source:
            raise InvalidExpression(f'"{source}" reads $$, and there is nothing around an expression here')
        seen = set() if self.states is None else set(self.states)
        for name in sorted(seen & {"result", "errorOutput"} - set(states)):
            raise InvalidExpression(f'"{source}" reads $states.{name}, which is not there in this field')


class _Evaluation:
    def __init__(self, expression: jlens.Expression, field: str, reads: _Reads, called: set[str]) -> None:
        self._expression = expression
        self._field = field
        self._reads = reads
        self._draws = called & {"random", "uuid"}
        self._clock = bool(called & {"now", "millis"})

    def evaluate(self, value: Mapping[str, Any], scope: Scope) -> Any:
        bindings = self._bindings(value, scope)
        options: dict[str, Any] = {**_LIMITS, "now": _milliseconds(scope.now)} if self._clock else _LIMITS
        try:
            found = self._expression.evaluate(None, bindings, **options)
            # Nothing and null are told apart by asking again, which gives the same.
            if found is None and self._expression.evaluate_json(None, bindings, **options) is None:
                raise self._failure("returned nothing (undefined).")
        except (jlens.JlensError, FunctionFailure) as error:
            raise self._failure(f"threw an error during evaluation{_told(error)}") from None
        except TypeError as error:
            # A number that no double can hold cannot be handed over.
            raise self._failure(f"threw an error during evaluation: {error}") from None
        return found

    def _bindings(self, value: Mapping[str, Any], scope: Scope) -> dict[str, Any]:
        reads, variables = self._reads, scope.variables()
        states = {**value, "context": scope.context()} if reads.context else value
        bindings: dict[str, Any] = {"states": _cut(states, reads.states)}
        if reads.everything:
            bindings |= variables
        for name, tree in reads.variables.items():
            if name in variables:
                bindings[name] = _cut(variables[name], tree)
        if self._draws:
            seed = scope.seed()
            bindings |= {"random": random(seed), "uuid": uuid(seed)}
        return bindings

    def _failure(self, what: str) -> StateFailure:
        sentence = f"The JSONata expression '{self._expression.source}' specified for the field '{self._field}' {what}"
        return query_evaluation_error(sentence, self._field)


def _cut(value: Any, tree: Any) -> Any:
    """The members of a value that are looked at: what is handed over is converted whole."""
    if tree is True or tree is None or not isinstance(value, Mapping):
        return value
    return {name: _cut(value[name], inner) for name, inner in tree.items() if name in value}


def _told(error: jlens.JlensError | FunctionFailure) -> str:
    if error.code == "D1011":
        return f": {_TOO_DEEP}"
    return f": {_TOO_MUCH}" if error.code.startswith("U") else f". {error.code}: {error}"


def _milliseconds(time: datetime) -> int:
    return int(time.timestamp() * 1000)


def expect(evaluate: Evaluator, text: str, field: str, wanted: str, also: str | None = None) -> Evaluator:
    """The same expression, whose value must be of a type, or of another one that is taken as well."""
    source = text[2:-2].strip()

    def expected(value: Any, scope: Scope) -> Any:
        found = evaluate(value, scope)
        kind = _TYPES[type(found)]
        if kind not in (wanted, also):
            shown = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
            result = f"Expected '{wanted}', but was '{kind}' for value: {shown}"
            sentence = f"The JSONata expression '{source}' specified for the field '{field}'"
            raise query_evaluation_error(f"{sentence} returned an unexpected result type. {result}", field)
        return found

    return expected
