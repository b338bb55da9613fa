"""Choice rules: comparisons, and And, Or and Not over them."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from libs.asl.errors import StateFailure, runtime
from libs.asl.fields import Fields
from libs.asl.jsonata_template import read_expression
from libs.asl.paths import InvalidPath, PathNotFound, compile_path
from libs.asl.scope import Evaluator, Scope
from libs.asl.states.comparison import COMPARISONS, OPERANDS, TYPE_TESTS, string_matches

Rule = Callable[[Any, Scope], bool]

_OPERATORS = [*COMPARISONS, *(f"{name}Path" for name in COMPARISONS), "StringMatches", *TYPE_TESTS, "IsPresent"]
_FAMILY = re.compile("|".join(OPERANDS))


def read_condition(fields: Fields, within: str) -> Rule:
    """The Condition of a rule in JSONata: an expression, or true or false."""
    condition = fields.require("Condition")
    if isinstance(condition, bool):
        return lambda value, scope: condition
    holds = read_expression(fields, "Condition", "boolean", within)
    if holds is None:
        if fields.has("Condition"):
            fields.problem('"Condition" must be an expression in "{% … %}"')
        return _never
    return holds


def read_rule(fields: Fields) -> Rule:
    """One rule with JSONPath; the fields around it (Next, Assign) are the caller's to read."""
    for name in ("And", "Or"):
        if fields.has(name):
            return _read_list(fields, name)
    if fields.has("Not"):
        return _read_not(fields)
    return _read_comparison(fields)


def _read_list(fields: Fields, name: str) -> Rule:
    rules = [_read_inner(inner) for inner in fields.objects(name)]
    if not rules:
        fields.problem(f'"{name}" must be a non-empty list of rules')
    every = all if name == "And" else any
    return lambda value, scope: every(rule(value, scope) for rule in rules)


def _read_not(fields: Fields) -> Rule:
    inner = fields.get("Not")
    if not isinstance(inner, Mapping):
        fields.problem('"Not" must be a rule')
        return _never
    rule = _read_inner(fields.inner(inner, ".Not"))
    return lambda value, scope: not rule(value, scope)


def _read_inner(fields: Fields) -> Rule:
    rule = read_rule(fields)
    if fields.has("Next"):
        fields.get("Next")
        fields.problem('"Next" stands only in the outermost rule')
    fields.finish()
    return rule


def _read_comparison(fields: Fields) -> Rule:
    given = [name for name in _OPERATORS if fields.has(name)]
    find = _read_variable(fields)
    if len(given) != 1:
        fields.problem("exactly one comparison operator is needed")
        fields.expect_one_of(_OPERATORS)
        for name in given:
            fields.get(name)
        return _never
    return _read_operator(fields, given[0], find)


def _read_variable(fields: Fields) -> Evaluator:
    text = fields.text("Variable")
    if text is None:
        fields.problem('"Variable" is missing')
        return _nothing
    try:
        return compile_path(text)
    except InvalidPath as error:
        fields.problem(f'"Variable": {error}')
        return _nothing


def _read_operator(fields: Fields, name: str, find: Evaluator) -> Rule:
    operand = fields.get(name)
    variable = str(fields.get("Variable"))
    if name == "IsPresent":
        return _presence(find, _flag(fields, name, operand))
    if name in TYPE_TESTS:
        test, wanted = TYPE_TESTS[name], _flag(fields, name, operand)
        return lambda value, scope: test(_found(find, variable, value, scope)) is wanted
    if name == "StringMatches":
        if not isinstance(operand, str):
            fields.problem('"StringMatches" must be a string')
        return lambda value, scope: string_matches(_found(find, variable, value, scope), operand)
    if name in COMPARISONS:
        return _read_constant_comparison(fields, name, find)
    return _read_path_comparison(fields, name, find)


def _read_constant_comparison(fields: Fields, name: str, find: Evaluator) -> Rule:
    compare, operand, variable = COMPARISONS[name], fields.get(name), str(fields.get("Variable"))
    family = _FAMILY.match(name)
    if family and not OPERANDS[family[0]](operand):
        fields.problem(f'"{name}" must be a {family[0].lower()}')
    return lambda value, scope: compare(_found(find, variable, value, scope), operand)


def _read_path_comparison(fields: Fields, name: str, find: Evaluator) -> Rule:
    compare, variable = COMPARISONS[name.removesuffix("Path")], str(fields.get("Variable"))
    other, path = fields.path_field(name) or _nothing, str(fields.get(name))

    def rule(value: Any, scope: Scope) -> bool:
        return compare(_found(find, variable, value, scope), _found(other, path, value, scope))

    return rule


def _flag(fields: Fields, name: str, operand: Any) -> bool:
    if not isinstance(operand, bool):
        fields.problem(f'"{name}" must be true or false')
    return bool(operand)


def _presence(find: Evaluator, wanted: bool) -> Rule:
    def rule(value: Any, scope: Scope) -> bool:
        try:
            find(value, scope)
        except (PathNotFound, StateFailure):
            return not wanted
        return wanted

    return rule


def _found(find: Evaluator, path: str, value: Any, scope: Scope) -> Any:
    try:
        return find(value, scope)
    except PathNotFound:
        raise runtime(
            f"Invalid path '{path}': The choice state's condition path references an invalid value."
        ) from None


def _nothing(value: Any, scope: Scope) -> Any:
    return None


def _never(value: Any, scope: Scope) -> bool:
    return False
