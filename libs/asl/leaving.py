"""Transitions that leave their machine: a state goes to one beside it, never out of its branch or into another."""

from collections.abc import Iterator

from libs.asl.graph import Graph, Transition
from libs.asl.problems import Problem


def leaving_transitions(whole: Graph) -> Iterator[Problem]:
    """Every transition to a state that there is, in another machine of the definition."""
    homes = {name: graph for graph in whole.every_graph() for name in graph.nodes}
    for graph in whole.every_graph():
        if graph.start_at not in graph.nodes and graph.start_at in homes:
            yield Problem(graph.path, f'"StartAt" names no state here ("{graph.start_at}" {_away(graph, homes)})')
        for node in graph.nodes.values():
            for transition in node.transitions:
                if transition.target not in graph.nodes and transition.target in homes:
                    yield Problem(transition.path, _message(transition, graph, homes[transition.target]))


def _message(transition: Transition, graph: Graph, home: Graph) -> str:
    here = "branch" if graph.path else "machine"
    advice = "let the state around the branch catch and go there" if _around(home, graph) else ""
    where = f'"{transition.target}" stands {_place(graph, home)}'
    return f'"{transition.field}" leaves its {here}: {where}' + (f"; {advice}" if advice else "")


def _away(graph: Graph, homes: dict[str, Graph]) -> str:
    return f"stands {_place(graph, homes[graph.start_at])}"


def _place(graph: Graph, home: Graph) -> str:
    """Where a machine is, seen from another."""
    side = "outside, in" if _around(home, graph) else "inside" if _around(graph, home) else "in"
    return f"{side} {home.path or 'the outermost machine'}"


def _around(outer: Graph, inner: Graph) -> bool:
    return not outer.path or inner.path.startswith(f"{outer.path}.")
