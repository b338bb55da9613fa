"""A policy: what everybody must have gone through before a workflow can pass them.

    {"passes":   [pattern, …],              states that can pass a person
     "never":    [pattern, …],              states after which nobody is passed, such as the note that a check is down
     "requires": {"KYC": [pattern, …], …}}  one of these states must have been left well on every way to a pass

A pattern is a piece of a state: it fits the states that hold it, `*` in a text standing for anything.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from libs.asl.graph import Graph, Node
from libs.asl.problems import Problem
from libs.asl.states.comparison import string_matches

Patterns = tuple[Mapping[str, Any], ...]
Way = tuple[str, ...]


class InvalidPolicy(ValueError):
    """Not a policy."""


@dataclass(frozen=True)
class Policy:
    """A policy, read."""

    passes: Patterns
    never: Patterns
    requires: Mapping[str, Patterns]

    @classmethod
    def load(cls, document: Any) -> "Policy":
        """Raises InvalidPolicy."""
        if not isinstance(document, Mapping) or not isinstance(document.get("requires"), Mapping):
            raise InvalidPolicy('a policy is an object with "passes", "never" and "requires"')
        unknown = document.keys() - {"Comment", "passes", "never", "requires"}
        if unknown:
            raise InvalidPolicy(f'"{min(unknown)}" is not a field of a policy')
        requires = {name: _patterns(f"requires.{name}", found) for name, found in document["requires"].items()}
        return cls(_patterns("passes", document.get("passes")), _patterns("never", document.get("never", [])), requires)

    def breaches(self, graph: Graph) -> Iterator[Problem]:
        """A problem for each requirement that some way to a pass leaves out, with the shortest such way."""
        if not any(_fits(self.passes, node) for node in graph.every_node()):
            yield Problem("", "the policy applies to nothing here: no state can pass anybody")
        for name, required in self.requires.items():
            found = _Search(self, required).to_pass(graph)
            if found is not None:
                node, way = found
                yield Problem(node.path, f"somebody can pass without {name}: {' → '.join(way)}")


def _patterns(name: str, value: Any) -> Patterns:
    if not isinstance(value, list) or not all(isinstance(pattern, Mapping) and pattern for pattern in value):
        raise InvalidPolicy(f'"{name}" must be a list of pieces of states')
    return tuple(value)


@dataclass
class _Search:
    """Ways that leave a requirement out."""

    policy: Policy
    required: Patterns
    known: dict[str, Way | None] = field(default_factory=dict)

    def to_pass(self, graph: Graph) -> tuple[Node, Way] | None:
        """The shortest way to a pass."""
        for node, before in self._entered(graph):
            if _fits(self.policy.passes, node) and self._left_well(node) is not None:
                return node, (*before, node.name)
            for inner in node.inner:
                found = self.to_pass(inner)
                if found is not None:
                    return found[0], (*before, f"{node.name}: {found[1][0]}", *found[1][1:])
        return None

    def _to_end(self, graph: Graph) -> Way | None:
        """The shortest way to a good end of a branch."""
        if graph.path not in self.known:
            self.known[graph.path] = next(
                (
                    (*before, left)
                    for node, before in self._entered(graph)
                    if node.ends and node.kind != "Fail" and (left := self._left_well(node)) is not None
                ),
                None,
            )
        return self.known[graph.path]

    def _entered(self, graph: Graph) -> Iterator[tuple[Node, Way]]:
        """The states that can be entered, nearest first, each with the way there."""
        todo: deque[tuple[str, Way]] = deque([(graph.start_at, ())])
        seen: set[str] = set()
        while todo:
            name, before = todo.popleft()
            node = graph.nodes.get(name)
            if node is None or name in seen or _fits(self.policy.never, node):
                continue
            seen.add(name)
            yield node, before
            left = self._left_well(node)
            for transition in node.transitions:
                if transition.errors is not None:
                    todo.append((transition.target, (*before, f"{name} fails")))
                elif left is not None:
                    todo.append((transition.target, (*before, left)))

    def _left_well(self, node: Node) -> str | None:
        """How a way that leaves the state well tells of it; None where that meets the requirement, or cannot be."""
        if _fits(self.required, node):
            return None
        # A Map may have nothing to do, and so has always a way.
        if node.kind != "Parallel":
            return node.name
        ways = [self._to_end(branch) for branch in node.inner]
        if None in ways:
            return None
        told = [
            " → ".join(way or ())
            for branch, way in zip(node.inner, ways, strict=True)
            if any(_fits(self.required, inside) for inside in branch.every_node())
        ]
        return f"{node.name} ({'; '.join(told)})" if told else node.name


def _fits(patterns: Patterns, node: Node) -> bool:
    return any(_holds(pattern, node.document) for pattern in patterns)


def _holds(pattern: Any, value: Any) -> bool:
    """The value has all that the pattern has."""
    if isinstance(pattern, Mapping):
        return isinstance(value, Mapping) and all(
            name in value and _holds(piece, value[name]) for name, piece in pattern.items()
        )
    if isinstance(pattern, str):
        return string_matches(value, pattern)
    return type(pattern) is type(value) and bool(pattern == value)
