"""Parallel."""

from itertools import permutations

import pytest

from libs.asl import TaskSucceeded
from tests.libs.asl.factory import END, Story, branch, state, task

THREE = [branch(Kyc=task("kyc")), branch(Aml=task("aml", Next="More"), More=task("more")), branch(Idv=END)]


def test_branches_run_at_once_on_the_same_input() -> None:
    story = Story({"All": state("Parallel", Parameters={"p.$": "$.name"}, Branches=THREE)}, {"name": "Ada"})
    assert [(effect.state, effect.parameters) for effect in story.effects] == [
        ("Kyc", {"p": "Ada"}),
        ("Aml", {"p": "Ada"}),
    ]


@pytest.mark.parametrize("order", [*permutations(["Kyc", "Aml", "More"])])
def test_outputs_stand_in_the_order_of_the_branches(order: tuple[str, ...]) -> None:
    if order.index("More") < order.index("Aml"):
        return
    story = Story({"All": state("Parallel", Branches=THREE, ResultPath="$.all")}, {"name": "Ada"})
    for name in order:
        story.succeed(name, name)
    assert story.output == {"name": "Ada", "all": ["Kyc", "More", {"name": "Ada"}]}


def test_a_failed_branch_cancels_the_others() -> None:
    story = Story({"All": state("Parallel", Branches=THREE)})
    kyc = story.open("Kyc")
    story.fail("Aml", "Down")
    assert (story.status, story.error, story.execution.open_tasks) == ("FAILED", "Down", {})
    assert not story.tell(TaskSucceeded(kyc, 1)).applied


def test_a_failed_branch_cancels_also_what_is_deep_inside_the_others() -> None:
    inner = state("Parallel", Branches=[branch(Deep=task()), branch(Wait=state("Wait", Seconds=9))])
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "Handle"}]
    outer = state("Parallel", Branches=[branch(Inner=inner), branch(Kyc=task())], Catch=catch)
    story = Story({"Outer": outer, "Handle": task()})
    deep = story.open("Deep")
    story.fail("Kyc", "Down")
    assert list(story.execution.open_tasks.values()) == ["Handle"]
    assert story.execution.next_due is None
    assert not story.tell(TaskSucceeded(deep, 1)).applied
    story.succeed("Handle", "handled")
    assert story.output == "handled"


def test_branches_may_be_nested() -> None:
    inner = state("Parallel", Branches=[branch(A=state("Pass", Result=1)), branch(B=task())])
    story = Story({"Outer": state("Parallel", Branches=[branch(Inner=inner), branch(C=state("Succeed"))])}, {})
    story.succeed("B", 2)
    assert story.output == [[1, 2], {}]
