"""Catch."""

import pytest

from tests.libs.asl.factory import END, Story, branch, state, task


def catching(names: list[str]) -> dict[str, object]:
    """A task whose errors of these names go to "Handle"."""
    return {"Kyc": task(Catch=[{"ErrorEquals": names, "Next": "Handle"}]), "Handle": END}


def test_a_caught_error_goes_to_the_handler() -> None:
    story = Story(catching(["Down"]))
    story.fail("Kyc", "Down", "no answer")
    assert (story.status, story.output) == ("SUCCEEDED", {"Error": "Down", "Cause": "no answer"})


def test_result_path_keeps_the_input() -> None:
    states = {"Kyc": task(Catch=[{"ErrorEquals": ["Down"], "ResultPath": "$.why", "Next": "Handle"}]), "Handle": END}
    story = Story(states, {"name": "Ada"})
    story.fail("Kyc", "Down")
    assert story.output == {"name": "Ada", "why": {"Error": "Down", "Cause": ""}}


def test_the_first_catcher_that_matches_is_taken() -> None:
    catch = [
        {"ErrorEquals": ["Other"], "Next": "A"},
        {"ErrorEquals": ["Down"], "Next": "B"},
        {"ErrorEquals": ["States.ALL"], "Next": "A"},
    ]
    story = Story({"Kyc": task(Catch=catch), "A": END, "B": END})
    story.fail("Kyc", "Down")
    assert story.entered[-1] == "B"


@pytest.mark.parametrize(
    ("names", "error", "caught"),
    [
        (["States.TaskFailed"], "Down", True),
        (["States.TaskFailed"], "States.Timeout", False),
        (["States.TaskFailed"], "States.HeartbeatTimeout", False),
        (["States.Timeout"], "States.HeartbeatTimeout", True),
        (["States.HeartbeatTimeout"], "States.Timeout", False),
        (["States.ALL"], "States.Timeout", True),
        (["States.ALL"], "States.Runtime", False),
        (["States.Runtime"], "States.Runtime", False),
        (["States.BranchFailed"], "Down", False),
        (["Down"], "down", False),
    ],
)
def test_what_the_reserved_names_stand_for(names: list[str], error: str, caught: bool) -> None:
    story = Story(catching(names))
    story.fail("Kyc", error)
    assert story.status == ("SUCCEEDED" if caught else "FAILED")


@pytest.mark.parametrize("name", ["Down", "States.BranchFailed", "States.ALL", "States.TaskFailed"])
def test_the_failure_of_a_branch_is_caught_around_it(name: str) -> None:
    catch = [{"ErrorEquals": [name], "Next": "Handle"}]
    story = Story({"Both": state("Parallel", Branches=[branch(Kyc=task())], Catch=catch), "Handle": END})
    story.fail("Kyc", "Down")
    assert story.output == {"Error": "Down", "Cause": ""}


def test_a_failure_while_catching_is_not_caught_by_the_same_state() -> None:
    catch = [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.a.b", "Next": "Handle"}]
    story = Story({"Kyc": task(Catch=catch), "Handle": END}, {"a": 5})
    story.fail("Kyc", "Down")
    assert (story.status, story.error) == ("FAILED", "States.ResultPathMatchFailure")
