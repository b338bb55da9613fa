"""Catches that turn an outage into a rejection: who could not be checked is treated as one who failed the check."""

import re
from collections.abc import Iterator
from typing import Any

from libs.asl import errors
from libs.asl.graph import Graph, Node, Transition
from libs.asl.problems import Problem

_CATCH_ALL = {errors.ALL, errors.TASK_FAILED}
_REJECTING = re.compile(r"reject|declin|deny|denied|denial|refus", re.IGNORECASE)
_VERDICT_FIELDS = {"decision", "outcome", "result", "status"}
_VERDICTS = {"FAIL", "FAILED", "REJECT", "REJECTED", "DECLINED", "DENIED", "REFUSED"}


def outages_rejected(graph: Graph, fails: bool = True) -> Iterator[Problem]:
    """A warning for each catch of any error that leads to nothing but a rejection.

    `fails`: a Fail state of this machine fails the execution, as nothing around it catches.
    """
    for node in graph.nodes.values():
        if _asks(node):
            yield from _warnings(graph, node, fails)
        for inner in node.inner:
            yield from outages_rejected(inner, fails and not node.document.get("Catch"))


def _asks(node: Node) -> bool:
    """A task stands here, or inside."""
    return node.kind == "Task" or any(one.kind == "Task" for inner in node.inner for one in inner.every_node())


def _warnings(graph: Graph, node: Node, fails: bool) -> Iterator[Problem]:
    for transition in node.transitions:
        caught = [name for name in transition.errors or () if name in _CATCH_ALL]
        rejecting = _inevitable(graph, transition, fails) if caught else None
        if rejecting:
            yield Problem(
                transition.path,
                f'"{caught[0]}" catches outages too and leads only to "{rejecting}":'
                " who could not be checked is rejected",
            )


def _inevitable(graph: Graph, transition: Transition, fails: bool) -> str | None:
    """The rejecting state that every way from here comes to; None where some way does not."""
    rejecting, seen, todo = None, set(), [transition.target]
    while todo:
        name = todo.pop()
        node = graph.nodes.get(name)
        if name in seen or node is None:
            continue
        seen.add(name)
        if _rejects(node, fails):
            rejecting = rejecting or name
        elif node.ends:
            return None
        else:
            todo += node.targets()
    return rejecting


def _rejects(node: Node, fails: bool) -> bool:
    if node.kind == "Fail":
        return fails
    named = [node.name, node.document.get("Resource"), _function(node.document)]
    return any(isinstance(name, str) and _REJECTING.search(name) for name in named) or _verdict(
        node.document.get("Result", node.document.get("Output"))
    )


def _function(state: Any) -> Any:
    arguments = state.get("Parameters", state.get("Arguments"))
    return arguments.get("FunctionName") if isinstance(arguments, dict) else None


def _verdict(value: Any) -> bool:
    """A constant that says that the person is refused."""
    if not isinstance(value, dict):
        return False
    said = [found.upper() for name, found in value.items() if name in _VERDICT_FIELDS and isinstance(found, str)]
    return not _VERDICTS.isdisjoint(said) or any(_verdict(found) for found in value.values())
