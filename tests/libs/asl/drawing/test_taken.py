"""The path of an execution, read from its history."""

from typing import Any

import pytest

from libs.asl.drawing.taken import InvalidHistory, Taken, read_taken
from libs.asl.graph import read_graph
from libs.asl.machine import Machine
from libs.asl.simulation import Recorded, simulate
from libs.asl.trace import event_document
from tests.libs.asl.factory import END, branch, state, task

CATCH = [{"ErrorEquals": ["Down"], "Next": "Note"}]


def taken(definition: dict[str, Any], *results: dict[str, Any], input: Any = None) -> Taken:
    run = simulate(Machine.load(definition), {} if input is None else input, Recorded(results))
    return read_taken({"events": [event_document(event) for event in run.history]}, read_graph(definition))


def test_states_and_transitions_that_were_gone_are_known() -> None:
    path = taken(branch(A=state("Pass", Next="B"), B=END))
    assert path.states == {"A": "done", "B": "done"}
    assert path.transitions == {("A", "B", False)}
    assert path.ended == "Succeeded"


def test_a_catch_is_told_from_a_next_to_the_same_state() -> None:
    ask = branch(A=task(Catch=CATCH, Next="Note"), Note=END)
    down = taken(ask, {"error": "Down", "cause": None})
    assert (down.transitions, down.states["A"], down.errors) == ({("A", "Note", True)}, "caught", {"A": ["Down"]})
    assert taken(ask, {"output": 1}).transitions == {("A", "Note", False)}


def test_a_state_that_was_tried_again_is_done_with_its_errors() -> None:
    again = branch(A=task(Retry=[{"ErrorEquals": ["Down"]}]))
    path = taken(again, {"error": "Down", "cause": None}, {"output": 1})
    assert (path.states, path.errors, path.visits) == ({"A": "done"}, {"A": ["Down"]}, {"A": 1})


def test_a_failure_colours_the_states_around_and_stops_those_beside() -> None:
    both = state("Parallel", Branches=[branch(A=task()), branch(B=task())])
    path = taken(branch(Both=both), {"state": "B", "error": "Down", "cause": None})
    assert path.states == {"Both": "failed", "B": "failed", "A": "stopped"}
    assert path.ended == "Failed: Down"


def test_a_caught_parallel_state_is_known_as_that() -> None:
    both = state("Parallel", Branches=[branch(A=task())], Catch=CATCH)
    path = taken(branch(Both=both, Note=END), {"error": "Down", "cause": None})
    assert (path.states["Both"], path.states["Note"]) == ("caught", "done")
    assert ("Both", "Note", True) in path.transitions


def test_a_state_goes_on_under_the_name_that_a_migration_gave_it() -> None:
    told = [
        {"id": 1, "previousEventId": 0, "type": "TaskStateEntered", "details": {"name": "Old"}},
        {"id": 2, "previousEventId": 0, "type": "ExecutionMigrated", "details": {"states": {"Old": "A"}}},
        {"id": 3, "type": "TaskStateExited", "previousEventId": 1, "details": {"name": "A"}},
    ]
    path = read_taken({"events": told}, read_graph(branch(A=task())))
    assert (path.states, path.ended) == ({"A": "done"}, "Running")


def test_a_state_that_fails_by_itself_is_found() -> None:
    choice = {"Type": "Choice", "Choices": [{"Variable": "$.a", "IsPresent": True, "Next": "B"}]}
    path = taken(branch(A=choice, B=END))
    assert (path.states, path.errors) == ({"A": "failed"}, {"A": ["States.Runtime"]})


def test_the_iterations_of_a_map_are_counted() -> None:
    each = state("Map", ItemProcessor=branch(A=state("Pass", Next="B"), B=END))
    path = taken(branch(Each=each), input=[1, 2, 3])
    assert (path.visits, path.states) == ({"Each": 1, "A": 3, "B": 3}, {"Each": "done", "A": "done", "B": "done"})


def test_a_running_execution_stands_where_it_waits() -> None:
    path = taken(branch(A=task()))
    assert (path.states, path.ended) == ({"A": "stopped"}, "Running")


def test_a_history_as_aws_answers_it_is_understood() -> None:
    events = [
        {"id": 1, "previousEventId": 0, "type": "ExecutionStarted", "executionStartedEventDetails": {"input": "{}"}},
        {"id": 2, "previousEventId": 0, "type": "PassStateEntered", "stateEnteredEventDetails": {"name": "A"}},
        {"id": 3, "previousEventId": 2, "type": "PassStateExited", "stateExitedEventDetails": {"name": "A"}},
    ]
    assert read_taken(events, read_graph(branch(A=END))).states == {"A": "done"}


@pytest.mark.parametrize("history", [7, {}, {"events": 7}, [7], [{"id": 1}]])
def test_what_is_no_history_is_refused(history: Any) -> None:
    with pytest.raises(InvalidHistory):
        read_taken(history, read_graph({}))
