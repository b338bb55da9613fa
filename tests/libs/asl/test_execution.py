"""The execution as a document."""

import json
from typing import Any

import pytest

from libs.asl import Execution, NewerFormat, TaskSucceeded, step
from libs.asl.execution import FORMAT
from tests.libs.asl.factory import NOW, Story, branch, state, task


def test_a_document_is_json_and_gives_the_same_execution() -> None:
    branches = [branch(Kyc=task(TimeoutSeconds=9, HeartbeatSeconds=3)), branch(W=state("Wait", Seconds=5))]
    story = Story({"Both": state("Parallel", Branches=branches)}, {"name": "Ada"}, TimeoutSeconds=60)
    document = json.loads(json.dumps(story.execution.to_document()))
    assert document["format"] == FORMAT
    copy = Execution.from_document(document)
    assert copy.to_document() == story.execution.to_document()
    assert copy.open_tasks == story.execution.open_tasks
    assert copy.next_due == story.execution.next_due


def test_a_newer_document_is_left_alone() -> None:
    document = Story({"Kyc": task()}).execution.to_document() | {"format": FORMAT + 1}
    with pytest.raises(NewerFormat, match=f"format {FORMAT + 1}, this code knows formats up to {FORMAT}"):
        Execution.from_document(document)


@pytest.mark.parametrize("version", [None, "1", 0, True])
def test_what_is_no_execution_document_is_refused(version: object) -> None:
    with pytest.raises(ValueError, match="not an execution document"):
        Execution.from_document({"format": version})


def as_format_1(document: dict[str, Any]) -> dict[str, Any]:
    """The document as it was written before there were variables, sizes, child executions and redrives."""
    for name in ("mapState", "variablesBytes", "redrives", "redrivenAt", "stopped"):
        del document[name]
    for written in document["branches"]:
        for name in ("bytes", "variables", "enteredPreviousId"):
            del written[name]
        waiting = written["waiting"] or {}
        for name in ("submitted", "bytes", "mapRun", "failed", "tolerance"):
            waiting.pop(name, None)
        if "pending" in waiting:
            waiting["pending"] = [start[:4] for start in waiting["pending"]]
    return document | {"format": 1}


def test_a_document_of_format_1_goes_on() -> None:
    each = state(
        "Map",
        MaxConcurrency=1,
        ItemProcessor=branch(
            Kyc=task(),
        ),
        ResultPath="$.all",
        ItemsPath="$.people",
    )
    story = Story({"M": each}, {"people": ["Ada", "Bob"]})
    read = Execution.from_document(as_format_1(json.loads(json.dumps(story.execution.to_document()))))
    made = step(story.machine, read, TaskSucceeded(story.open("Kyc"), "a"), NOW)
    (task_id,) = made.execution.open_tasks
    made = step(story.machine, made.execution, TaskSucceeded(task_id, "b"), NOW)
    assert made.execution.output == {"people": ["Ada", "Bob"], "all": ["a", "b"]}
