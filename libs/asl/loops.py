"""Loops with no way out: from there the execution can only go round until its time or its history is full."""

from collections.abc import Iterator

from libs.asl.graph import Graph
from libs.asl.problems import Problem


def endless_loops(whole: Graph) -> Iterator[Problem]:
    """One problem for each loop, at the state by which it is entered first."""
    for graph in whole.every_graph():
        told: set[str] = set()
        trapped = _reached(graph) - _ending(graph)
        for name in graph.nodes:
            if name in trapped:
                loop = _loop(graph, name, trapped)
                if told.isdisjoint(loop):
                    told.update(loop)
                    way = " → ".join([*loop, loop[0]])
                    yield Problem(graph.nodes[loop[0]].path, f"a loop with no way out: {way}")


def _reached(graph: Graph) -> set[str]:
    found: set[str] = set()
    todo = [graph.start_at]
    while todo:
        name = todo.pop()
        if name in graph.nodes and name not in found:
            found.add(name)
            todo += graph.nodes[name].targets()
    return found


def _ending(graph: Graph) -> set[str]:
    """The states from which the machine can end. A target that does not exist is another problem than a loop."""
    ending = {name for name, node in graph.nodes.items() if node.ends or not node.transitions}
    ending |= {name for name, node in graph.nodes.items() if not graph.nodes.keys() >= set(node.targets())}
    before = -1
    while before < len(ending):
        before = len(ending)
        ending |= {name for name, node in graph.nodes.items() if not ending.isdisjoint(node.targets())}
    return ending


def _loop(graph: Graph, name: str, trapped: set[str]) -> list[str]:
    """The loop that the first transitions lead to."""
    way: list[str] = []
    while name not in way:
        way.append(name)
        name = next(target for target in graph.nodes[name].targets() if target in trapped)
    return way[way.index(name) :]
