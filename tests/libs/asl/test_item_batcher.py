"""ItemBatcher."""

from typing import Any

import pytest

from libs.asl import StartChild
from tests.libs.asl.factory import END, Story, branch, problems, state


def batches(batcher: dict[str, Any], items: list[Any], **fields: Any) -> Story:
    """A distributed Map of batches."""
    map_state = state("Map", ItemProcessor=branch(B=END), ItemBatcher=batcher, ItemsPath="$.items", **fields)
    return Story({"M": map_state}, {"items": items, "most": 2})


def inputs(story: Story) -> list[Any]:
    """What the child executions are given."""
    return [effect.input for effect in story.asked if isinstance(effect, StartChild)]


@pytest.mark.parametrize("batcher", [{"MaxItemsPerBatch": 2}, {"MaxItemsPerBatchPath": "$.most"}])
def test_a_batch_has_so_many_items(batcher: dict[str, Any]) -> None:
    assert inputs(batches(batcher, [1, 2, 3])) == [{"Items": [1, 2]}, {"Items": [3]}]


def test_a_batch_takes_so_many_bytes() -> None:
    found = inputs(batches({"MaxInputBytesPerBatch": len('{"Items":["aaaa","bbbb"]}') + 1}, ["aaaa", "bbbb", "c"]))
    assert found == [{"Items": ["aaaa", "bbbb"]}, {"Items": ["c"]}]


def test_each_batch_is_given_an_input_of_its_own() -> None:
    batcher = {"MaxItemsPerBatch": 9, "BatchInput": {"most.$": "$.most"}}
    assert inputs(batches(batcher, [1])) == [{"BatchInput": {"most": 2}, "Items": [1]}]


def test_items_are_selected_before_they_are_batched() -> None:
    story = batches({"MaxItemsPerBatch": 9}, [1, 2], ItemSelector={"n.$": "$$.Map.Item.Value"})
    assert inputs(story) == [{"Items": [{"n": 1}, {"n": 2}]}]


def test_an_item_larger_than_a_batch_is_an_error() -> None:
    assert batches({"MaxInputBytesPerBatch": 20}, ["x" * 30]).error == "States.Runtime"


def test_a_batch_needs_a_limit() -> None:
    (problem,) = problems({"M": state("Map", ItemProcessor=branch(B=END), ItemBatcher={})})
    assert problem == 'States.M.ItemBatcher: "MaxItemsPerBatch" or "MaxInputBytesPerBatch" is needed'
