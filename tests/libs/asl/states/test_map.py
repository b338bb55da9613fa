"""Inline Map."""

from typing import Any

import pytest

from libs.asl import StartChild, TaskFailed, TaskSucceeded
from tests.libs.asl.factory import END, Story, branch, jsonata, state, task


def each(**fields: Any) -> dict[str, Any]:
    """A Map whose items each go to one task, unless the fields say otherwise."""
    return state("Map", **({"ItemProcessor": branch(Kyc=task())} | fields))


def answer(story: Story, index: int, output: Any) -> None:
    """The nth open task answers."""
    story.tell(TaskSucceeded(sorted(story.execution.open_tasks)[index], output))


def test_items_are_worked_on_at_once_and_gathered_in_order() -> None:
    story = Story({"M": each(ItemsPath="$.people")}, {"people": ["Ada", "Bob"]})
    assert [effect.parameters for effect in story.effects] == ["Ada", "Bob"]
    answer(story, 1, "b")
    answer(story, 0, "a")
    assert story.output == ["a", "b"]


def test_no_more_than_max_concurrency_run_at_once() -> None:
    story = Story({"M": each(MaxConcurrency=2)}, [1, 2, 3, 4])
    for _ in range(4):
        assert len(story.execution.open_tasks) <= 2
        answer(story, 0, "done")
    assert (story.status, len(story.effects)) == ("SUCCEEDED", 4)


@pytest.mark.parametrize("field", ["ItemSelector", "Parameters"])
def test_the_selector_sees_the_item_and_the_input(field: str) -> None:
    selector = {field: {"name.$": "$$.Map.Item.Value", "n.$": "$$.Map.Item.Index", "list.$": "$.list"}}
    story = Story({"M": each(ItemsPath="$.people", **selector)}, {"people": ["Ada"], "list": "UN"})
    assert story.effects[0].parameters == {"name": "Ada", "n": 0, "list": "UN"}


def test_nothing_to_do_is_done() -> None:
    story = Story({"M": each(Next="A"), "A": END}, [])
    assert (story.status, story.output) == ("SUCCEEDED", [])
    assert story.types[1:4] == ["MapStateEntered", "MapStateStarted", "MapStateSucceeded"]


def test_the_iterator_of_old_is_read() -> None:
    assert Story({"M": state("Map", Iterator=branch(A=state("Pass", Result=1)))}, [5, 6]).output == [1, 1]


def test_a_failed_item_fails_the_map_and_cancels_the_others() -> None:
    story = Story({"M": each(Catch=[{"ErrorEquals": ["Down"], "Next": "A"}]), "A": END}, [1, 2, 3])
    story.effects.clear()
    first = min(story.execution.open_tasks)
    story.tell(TaskFailed(first, "Down", None))
    assert (story.status, story.output["Error"]) == ("SUCCEEDED", "Down")
    assert [kind for kind in story.types if kind.startswith("Map")][-3:] == [
        "MapIterationFailed",
        "MapStateFailed",
        "MapStateExited",
    ]


@pytest.mark.parametrize("items", [{}, "text", 5, None])
def test_what_is_no_array_is_an_error(items: Any) -> None:
    assert Story({"M": each(ItemsPath="$.items")}, {"items": items}).error == "States.Runtime"


@pytest.mark.parametrize("width", [-1, 1.5, "two", None, True])
def test_a_max_concurrency_that_is_none_is_an_error(width: Any) -> None:
    story = Story({"M": each(MaxConcurrencyPath="$.w", ItemsPath="$.i")}, {"w": width, "i": []})
    assert story.error == "States.Runtime"


def test_the_selector_sees_where_the_item_is_from() -> None:
    story = Story({"M": state("Map", ItemSelector={"from.$": "$$.Map.Item.Source"}, ItemProcessor=branch(B=END))}, [1])
    assert story.output == [{"from": "STATE_DATA"}]


@pytest.mark.parametrize(
    "expression", [{}, {"Items": "{% $states.input %}"}, {"Items": {"a": "{% $states.input.a %}"}}]
)
def test_a_distributed_map_takes_the_members_of_an_object(expression: dict[str, Any]) -> None:
    inner = branch(B=END) | {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}
    select = {"k": "{% $states.context.Map.Item.Key %}", "v": "{% $states.context.Map.Item.Value %}"}
    for selector, given in (({}, {"Key": "a", "Value": 1}), ({"ItemSelector": select}, {"k": "a", "v": 1})):
        story = Story({"M": jsonata("Map", ItemProcessor=inner, **expression, **selector)}, {"a": 1})
        assert [effect.input for effect in story.asked if isinstance(effect, StartChild)] == [given]


def test_a_distributed_map_refuses_what_has_no_items() -> None:
    inner = branch(B=END) | {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}
    story = Story({"M": state("Map", ItemProcessor=inner)}, "x")
    assert 'must be an array or an object but was: "x"' in (story.execution.cause or "")


@pytest.mark.parametrize("fields", [{}, {"MaxConcurrency": 0}, {"MaxConcurrency": 100}])
def test_forty_iterations_run_at_once_at_most(fields: dict[str, Any]) -> None:
    story = Story({"M": each(**fields)}, list(range(45)))
    assert story.types.count("MapIterationStarted") == len(story.execution.open_tasks) == 40
    answer(story, 0, "a")
    assert story.types.count("MapIterationStarted") == 41


def test_a_distributed_map_starts_as_many_as_it_has() -> None:
    inner = branch(B=END) | {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}
    story = Story({"M": state("Map", ItemProcessor=inner)}, list(range(45)))
    assert len(story.execution.open_children) == 45
