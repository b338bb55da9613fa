"""A distributed Map: each item is an execution of its own, and its end comes to the Map once."""

from datetime import timedelta
from typing import Any

from libs.events.message import Event, derived_id
from libs.events.models import WorkflowProgressed
from tests.factory import person, requested
from tests.services.orchestration.conftest import Alone, answer, outcome
from tests.services.orchestration.test_commands import NEWER, commanded
from tests.services.orchestration.test_service import KYC, reasons

DISTRIBUTED = {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
ADA = person("Ada", "Lovelace")


def each(items: list[Any], states: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """The states of a workflow that maps these items."""
    processor = {"ProcessorConfig": DISTRIBUTED, "StartAt": next(iter(states)), "States": states}
    return {
        "Items": {"Type": "Pass", "Result": items, "Next": "Each"},
        "Each": {"Type": "Map", "ItemProcessor": processor, "End": True, **fields},
    }


def story(alone: Alone, execution: str) -> list[WorkflowProgressed]:
    return [chapter for chapter in alone.chapters() if chapter.workflowExecutionId == execution]


def children(alone: Alone, start: Event) -> dict[str, list[WorkflowProgressed]]:
    """The stories of the executions that the one asked for has started, in the order of their start."""
    found: dict[str, list[WorkflowProgressed]] = {}
    for chapter in alone.chapters():
        if chapter.started and chapter.started.parentExecutionId == execution_of(start):
            found[chapter.workflowExecutionId] = story(alone, chapter.workflowExecutionId)
    return found


def execution_of(start: Event) -> str:
    return derived_id(start.id, "orchestration", "execution")


def ended(alone: Alone, start: Event) -> tuple[str, str | None]:
    """State and output of the execution asked for, as told last."""
    last = story(alone, execution_of(start))[-1]
    return last.state, last.output


def types(chapters: list[WorkflowProgressed]) -> list[str]:
    return [one.type for chapter in chapters for one in chapter.history]


async def test_every_item_is_an_execution_of_its_own_on_the_same_person(alone: Alone) -> None:
    await alone.define("Mapped", each([1, 2, 3], {"Ask": KYC}))
    start = requested("Mapped", individual=ADA)
    await alone.settle(start)
    asked = alone.requests("kyc")
    assert [one.individual for one in asked] == [ADA] * 3
    assert {one.task.workflowExecutionId for one in asked} == children(alone, start).keys()
    for number, one in enumerate(reversed(asked)):
        await alone.settle(answer(one, "kyc", outcome("KYC", "MATCH" if number else "NO_MATCH")))
    assert [types(chapters)[-1] for chapters in children(alone, start).values()] == ["ExecutionSucceeded"] * 3
    assert {(c.started and c.started.workflowName) for one in children(alone, start).values() for c in one[:1]} == {
        "Mapped"
    }
    state, output = ended(alone, start)
    assert state == "SUCCEEDED"
    assert (output or "").count('"MATCH"') == 2
    assert types(story(alone, execution_of(start)))[-5:] == [
        "MapRunStarted",
        "MapRunSucceeded",
        "MapStateSucceeded",
        "MapStateExited",
        "ExecutionSucceeded",
    ]
    assert await alone.rows("SELECT 1 FROM executions WHERE individual IS NOT NULL OR next_due IS NOT NULL") == []


async def test_no_more_than_max_concurrency_run_at_once(alone: Alone) -> None:
    await alone.define("Narrow", each([1, 2, 3], {"Ask": KYC}, MaxConcurrency=2))
    start = requested("Narrow")
    await alone.settle(start)
    assert len(alone.requests("kyc")) == 2
    await alone.settle(answer(alone.requests("kyc")[0], "kyc", outcome("KYC")))
    assert len(alone.requests("kyc")) == 3
    assert ended(alone, start)[0] == "RUNNING"


async def test_batches_and_tolerated_failures(alone: Alone) -> None:
    choice = {"Variable": "$.Items[0]", "NumericEquals": 1, "Next": "No"}
    states = {
        "Which": {"Type": "Choice", "Choices": [choice], "Default": "Yes"},
        "No": {"Type": "Fail", "Error": "No"},
        "Yes": {"Type": "Pass", "OutputPath": "$.Items", "End": True},
    }
    batched = {"ItemBatcher": {"MaxItemsPerBatch": 2}, "ToleratedFailureCount": 1}
    await alone.define("Batched", each([1, 2, 3, 4, 5], states, **batched))
    start = requested("Batched")
    await alone.settle(start)
    assert ended(alone, start) == ("SUCCEEDED", "[[3,4],[5]]")
    assert sorted(chapters[-1].state for chapters in children(alone, start).values()) == [
        *("FAILED", "SUCCEEDED", "SUCCEEDED")
    ]


async def test_one_failure_too_many_fails_the_map_and_stops_the_others(alone: Alone) -> None:
    await alone.define("Strict", each([1, 2, 3], {"Ask": KYC}))
    start = requested("Strict")
    await alone.settle(start)
    await alone.settle(answer(alone.requests("kyc")[1], "kyc", error="Check.SourceUnavailable"))
    last = story(alone, execution_of(start))[-1]
    assert (last.state, last.error) == ("FAILED", "States.ExceedToleratedFailureThreshold")
    assert sorted(chapters[-1].state for chapters in children(alone, start).values()) == [
        *("ABORTED", "ABORTED", "FAILED")
    ]


async def test_a_parent_that_is_stopped_stops_its_children_and_a_redrive_goes_on_with_them(alone: Alone) -> None:
    await alone.define("Stopped", each([1, 2, 3], {"Ask": KYC}))
    start = requested("Stopped", individual=ADA)
    await alone.settle(start)
    await alone.settle(answer(alone.requests("kyc")[0], "kyc", outcome("KYC", "MATCH")))
    await alone.settle(commanded(start, "STOP"))
    assert ended(alone, start)[0] == "ABORTED"
    stories = children(alone, start)
    assert [chapters[-1].state for chapters in stories.values()] == ["SUCCEEDED", "ABORTED", "ABORTED"]
    await alone.settle(commanded(start, "REDRIVE"))
    again = alone.requests("kyc")[3:]
    assert [one.individual for one in again] == [NEWER, NEWER]
    assert {one.task.workflowExecutionId for one in again} == set(list(stories)[1:])
    for one in again:
        await alone.settle(answer(one, "kyc", outcome("KYC", "NO_MATCH")))
    state, output = ended(alone, start)
    assert (state, (output or "").count("NO_MATCH")) == ("SUCCEEDED", 2)
    assert len(children(alone, start)) == 3


async def test_children_that_never_began_are_begun_by_a_redrive(alone: Alone) -> None:
    await alone.define("Hasty", each([1, 2], {"Ask": KYC}))
    start = requested("Hasty")
    await alone.take()  # the next tick is not due yet
    await alone.take(start)
    await alone.take(commanded(start, "STOP"))
    await alone.settle()
    assert alone.requests("kyc") == []
    assert children(alone, start) == {}
    await alone.settle(commanded(start, "REDRIVE"))
    assert len(children(alone, start)) == len(alone.requests("kyc")) == 2


async def test_a_map_whose_sibling_fails_stops_its_children(alone: Alone) -> None:
    mapped = {"StartAt": "Items", "States": each([1, 2], {"Ask": KYC})}
    late = {"Type": "Wait", "Seconds": 30, "Next": "Late"}
    timed = {"StartAt": "Wait", "States": {"Wait": late, "Late": {"Type": "Fail", "Error": "Late"}}}
    outer = {"Type": "Parallel", "Branches": [mapped, timed], "End": True}
    await alone.define("Raced", {"Both": outer})
    start = requested("Raced")
    await alone.settle(start)
    await alone.pass_time(timedelta(seconds=30))
    await alone.settle()
    assert ended(alone, start)[0] == "FAILED"
    assert [chapters[-1].state for chapters in children(alone, start).values()] == ["ABORTED", "ABORTED"]


async def test_a_child_can_be_stopped_and_is_redriven_with_its_parent_only(alone: Alone) -> None:
    await alone.define("One", each([1], {"Ask": KYC}))
    start = requested("One")
    await alone.settle(start)
    (child,) = children(alone, start)
    await alone.settle(commanded(start, "STOP", workflowExecutionId=child))
    assert ended(alone, start)[0] == "FAILED"
    redrive = commanded(start, "REDRIVE", workflowExecutionId=child)
    await alone.settle(redrive)
    assert reasons(alone) == ["ITEM_OF_A_MAP"]
    assert children(alone, start)[child][-1].state == "ABORTED"
