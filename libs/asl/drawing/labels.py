"""The words in a picture of a machine: what a state does, and when an edge is taken."""

from collections.abc import Mapping
from typing import Any

from libs.asl import errors
from libs.asl.graph import Node, Transition

_SIGNS = {
    "Equals": "=",
    "LessThan": "<",
    "LessThanEquals": "≤",
    "GreaterThan": ">",
    "GreaterThanEquals": "≥",
    "Matches": "matches",
}
_FAMILIES = ("String", "Numeric", "Boolean", "Timestamp")


def described(node: Node) -> str:
    """The line below the name of a state."""
    state = node.document
    if node.kind == "Task":
        return _resource(state)
    if node.kind == "Wait":
        return f"Wait {_wait(state)}".strip()
    if node.kind == "Fail":
        error = state.get("Error", state.get("ErrorPath"))
        return f"Fail {error}" if isinstance(error, str) else "Fail"
    if node.kind == "Map":
        items = state.get("ItemsPath", state.get("Items"))
        return f"Map of {plain(items)}" if isinstance(items, str) else "Map"
    return node.kind or "no kind of state"


def _resource(state: Mapping[str, Any]) -> str:
    """What a task calls, without what is the same for all of an account."""
    resource = state.get("Resource")
    arguments = state.get("Parameters", state.get("Arguments"))
    if isinstance(arguments, Mapping) and isinstance(arguments.get("FunctionName"), str):
        resource = arguments["FunctionName"]
    if not isinstance(resource, str):
        return "Task"
    if resource.startswith("arn:"):
        parts = resource.split(":", 5)[-1].split(":")
        resource = ":".join(part for part in parts if part not in ("function", "activity", "$LATEST"))
    return f"Task {resource.removeprefix('vetstream:')}"


def _wait(state: Mapping[str, Any]) -> str:
    for name in ("Seconds", "SecondsPath", "Timestamp", "TimestampPath"):
        if name in state:
            unit = " s" if name.startswith("Seconds") else ""
            return f"{plain(str(state[name]))}{unit}"
    return ""


def retries(node: Node) -> str:
    """A mark of a state that tries again."""
    listed = node.document.get("Retry")
    return "↻" if isinstance(listed, list) and listed else ""


def condition(node: Node, transition: Transition) -> str:
    """When an edge is taken; empty for the plain way on."""
    if transition.errors is not None:
        named = [name.removeprefix("States.") for name in transition.errors]
        return "any error" if transition.errors == (errors.ALL,) else ", ".join(named)
    if transition.field == "Default":
        return "otherwise"
    if node.kind == "Choice" and transition.path.endswith("]"):
        index = int(transition.path.rpartition("[")[2][:-1])
        return _rule(node.document["Choices"][index])
    return ""


def _rule(rule: Any) -> str:
    if not isinstance(rule, Mapping):
        return ""
    if isinstance(rule.get("Condition"), str | bool):
        return plain(str(rule["Condition"]))
    for name, word in (("And", " and "), ("Or", " or ")):
        if isinstance(rule.get(name), list):
            return word.join(_rule(inner) for inner in rule[name])
    if "Not" in rule:
        return f"not {_rule(rule['Not'])}"
    return _comparison(rule)


def _comparison(rule: Mapping[str, Any]) -> str:
    variable = rule.get("Variable", "")
    for name, operand in rule.items():
        if name.startswith("Is") and isinstance(operand, bool):
            is_what = f"is {'' if operand else 'not '}{name.removeprefix('Is').lower()}"
            return f"{variable} {is_what}"
        family = next((one for one in _FAMILIES if name.startswith(one)), None)
        if family:
            sign = _SIGNS.get(name.removeprefix(family).removesuffix("Path"), "?")
            return f"{variable} {sign} {_constant(operand)}"
    return str(variable)


def _constant(operand: Any) -> str:
    return {True: "true", False: "false"}[operand] if isinstance(operand, bool) else str(operand)


def plain(text: str) -> str:
    """An expression without its brackets."""
    return text.strip().removeprefix("{%").removesuffix("%}").strip()
