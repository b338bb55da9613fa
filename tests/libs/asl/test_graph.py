"""The graph of a definition."""

from libs.asl.graph import Transition, read_graph
from tests.libs.asl.factory import END, branch, state, task

CATCH = [{"ErrorEquals": ["Down"], "Next": "B"}]


def test_every_transition_tells_its_place() -> None:
    choice = {"Type": "Choice", "Choices": [{"Variable": "$.a", "IsPresent": True, "Next": "B"}], "Default": "A"}
    graph = read_graph({"StartAt": "A", "States": {"A": task(Catch=CATCH, Next="C"), "B": END, "C": choice}})
    assert graph.nodes["A"].transitions == [
        Transition("C", "Next", "States.A"),
        Transition("B", "Next", "States.A.Catch[0]", ("Down",)),
    ]
    assert graph.nodes["C"].transitions == [
        Transition("B", "Next", "States.C.Choices[0]"),
        Transition("A", "Default", "States.C"),
    ]


def test_machines_inside_are_found_by_their_path() -> None:
    each = state("Map", ItemProcessor=branch(C=END))
    graph = read_graph(branch(A=state("Parallel", Branches=[branch(B=each)])))
    assert [inner.path for inner in graph.every_graph()] == [
        "",
        "States.A.Branches[0]",
        "States.A.Branches[0].States.B.ItemProcessor",
    ]
    assert [node.name for node in graph.every_node()] == ["A", "B", "C"]


def test_what_is_not_as_it_should_be_is_left_out() -> None:
    for wrong in (7, {"States": 7}, {"StartAt": 7, "States": {"A": 7}}):
        assert not read_graph(wrong).nodes
    odd = {"Type": 7, "Next": 7, "Choices": [7, {"Next": 7}], "Catch": {}, "Branches": [7]}
    assert read_graph({"States": {"A": odd}}).nodes["A"].targets() == []
