"""Payload templates: JSON in which a field named `x.$` is replaced by `x` with what its path or function gives."""

from typing import Any

from libs.asl.errors import runtime
from libs.asl.fields import Fields
from libs.asl.intrinsic_call import InvalidIntrinsic, compile_intrinsic, is_intrinsic
from libs.asl.paths import InvalidPath, PathNotFound, compile_path
from libs.asl.scope import Evaluator, Scope


def read_template(fields: Fields, name: str) -> Evaluator | None:
    """The template in a field; None where the field is absent."""
    if not fields.has(name):
        return None
    template = fields.get(name)
    evaluate = _compile(template, fields, f".{name}")
    return evaluate or _constant(template)


def compile_expression(text: str) -> Evaluator:
    """A path, or a call of an intrinsic function."""
    return compile_intrinsic(text) if is_intrinsic(text) else compile_path(text)


def _compile(node: Any, fields: Fields, at: str) -> Evaluator | None:
    """None means that nothing in the node is to be replaced."""
    if isinstance(node, dict):
        return _compile_object(node, fields, at)
    if isinstance(node, list):
        return _compile_list(node, fields, at)
    return None


def _compile_object(node: dict[str, Any], fields: Fields, at: str) -> Evaluator | None:
    members: list[tuple[str, Evaluator]] = []
    dynamic = False
    for key, value in node.items():
        name = key.removesuffix(".$")
        evaluate = _compile(value, fields, f"{at}.{key}") if name == key else _replacement(key, value, fields, at)
        if name != key and name in node:
            fields.problem(f'"{name}" and "{key}" name the same field', at)
        dynamic = dynamic or evaluate is not None
        members.append((name, evaluate or _constant(value)))
    if not dynamic:
        return None
    return lambda value, scope: {name: evaluate(value, scope) for name, evaluate in members}


def _compile_list(node: list[Any], fields: Fields, at: str) -> Evaluator | None:
    items = [_compile(item, fields, f"{at}[{index}]") for index, item in enumerate(node)]
    if not any(items):
        return None
    evaluators = [evaluate or _constant(item) for evaluate, item in zip(items, node, strict=True)]
    return lambda value, scope: [evaluate(value, scope) for evaluate in evaluators]


def _replacement(key: str, text: Any, fields: Fields, at: str) -> Evaluator:
    if not isinstance(text, str):
        fields.problem(f'"{key}" must be a path or an intrinsic function', at)
        return _constant(None)
    try:
        return _or_path_failure(compile_expression(text), key, text)
    except (InvalidPath, InvalidIntrinsic) as error:
        fields.problem(f'"{key}": {error}', at)
        return _constant(None)


def _or_path_failure(evaluate: Evaluator, key: str, text: str) -> Evaluator:
    def replaced(value: Any, scope: Scope) -> Any:
        try:
            return evaluate(value, scope)
        except PathNotFound as missing:
            if missing.past_end and missing.path == text:
                # AWS takes an array to go on for ever, but only here, and not in the arguments of a function.
                return None
            # AWS quotes the input here; we do not, as it may hold personal data.
            cause = f"The JSONPath '{missing.path}' specified for the field '{key}' could not be found in the input."
            raise runtime(cause) from None

    return replaced


def _constant(value: Any) -> Evaluator:
    return lambda _value, _scope: value
