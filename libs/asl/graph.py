"""The graph of a definition: its states, the transitions between them, and the machines inside Parallel and Map.

It is read from the author's document as it stands, so that there is one also for a definition that cannot be run.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Transition:
    """A way from one state to another of the same machine."""

    target: str
    field: str
    """Which field names the target: `Next` or `Default`."""
    path: str
    """The place in the document of the object that holds the field."""
    errors: tuple[str, ...] | None = None
    """The errors of a Catch; None for every other transition."""


@dataclass(slots=True)
class Node:
    """One state."""

    name: str
    kind: str
    path: str
    document: Mapping[str, Any]
    transitions: list[Transition] = field(default_factory=list)
    inner: list["Graph"] = field(default_factory=list)
    """The branches of a Parallel, the one machine of a Map."""

    @property
    def ends(self) -> bool:
        """The branch can end here."""
        return self.kind in ("Succeed", "Fail") or self.document.get("End") is True

    def targets(self) -> list[str]:
        """Where it can go."""
        return [transition.target for transition in self.transitions]


@dataclass(slots=True)
class Graph:
    """A machine: the whole one, or one inside a Parallel or Map."""

    path: str
    start_at: str
    nodes: dict[str, Node]

    def every_graph(self) -> Iterator["Graph"]:
        """This machine, then all inside it."""
        yield self
        for node in self.nodes.values():
            for inner in node.inner:
                yield from inner.every_graph()

    def every_node(self) -> Iterator[Node]:
        """All states, also those of the machines inside."""
        for graph in self.every_graph():
            yield from graph.nodes.values()


def read_graph(definition: Any, path: str = "") -> Graph:
    """The graph of a document. What is not as it should be is left out: loading tells of it."""
    document = _mapping(definition)
    states = _mapping(document.get("States"))
    nodes = {
        name: _read_node(name, state, f"{path}.States.{name}".lstrip("."))
        for name, state in states.items()
        if isinstance(state, Mapping)
    }
    start_at = document.get("StartAt")
    return Graph(path, start_at if isinstance(start_at, str) else "", nodes)


def _read_node(name: str, state: Mapping[str, Any], path: str) -> Node:
    kind = state.get("Type")
    node = Node(name, kind if isinstance(kind, str) else "", path, state)
    node.transitions += _transitions(node)
    for index, branch in enumerate(_list(state.get("Branches"))):
        node.inner.append(read_graph(branch, f"{path}.Branches[{index}]"))
    for processor in ("ItemProcessor", "Iterator"):
        if processor in state:
            node.inner.append(read_graph(state[processor], f"{path}.{processor}"))
    return node


def _transitions(node: Node) -> Iterator[Transition]:
    """In the order in which they are considered."""
    state = node.document
    for name in ("Next", "Choices", "Default", "Catch"):
        value = state.get(name)
        if isinstance(value, str):
            yield Transition(value, name, node.path)
        for index, entry in enumerate(_list(value)):
            target = _mapping(entry).get("Next")
            if isinstance(target, str):
                errors = _errors(entry) if name == "Catch" else None
                yield Transition(target, "Next", f"{node.path}.{name}[{index}]", errors)


def _errors(catcher: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(name for name in _list(catcher.get("ErrorEquals")) if isinstance(name, str))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
