"""Archived executions, replayed by the code of the day."""

import json
from pathlib import Path
from typing import Any

import pytest

from libs.asl import Execution, Machine, step
from libs.asl.execution import REDUCER
from tests.libs.asl.archive.recording import event_of, play, told
from tests.libs.asl.factory import after

FILES = sorted(Path(__file__).parent.glob("*.json"))


@pytest.fixture(params=FILES, ids=lambda file: str(file.stem))
def archived(request: pytest.FixtureRequest) -> Any:
    return json.loads(request.param.read_text())


def test_an_archived_execution_gives_the_same_again(archived: Any) -> None:
    assert [as_now(told(made)) for made in play(archived)] == [as_now(one) for one in archived["steps"]]


def test_an_archived_document_goes_on_where_it_stands(archived: Any) -> None:
    """Each step begins with the document that was written then."""
    machine = Machine.load(archived["definition"])
    for line, before, expected in zip(archived["told"], archived["steps"], archived["steps"][1:], strict=False):
        read = Execution.from_document(before["document"])
        made = step(machine, read, event_of(line, read), after(line["at"]))
        assert as_now(told(made)) == as_now(expected)


def test_what_is_archived_was_made_by_this_reducer_or_one_before(archived: Any) -> None:
    assert archived["reducer"] <= REDUCER
    assert len(archived["steps"]) == len(archived["told"]) + 1
    assert archived["steps"][-1]["document"]["status"] != "RUNNING"


def test_the_archive_has_every_kind_of_state_and_of_event() -> None:
    told_of = [json.loads(file.read_text()) for file in FILES]
    kinds = {
        event["type"] for one in told_of for made in one["steps"] for event in made["history"]
    }  # fmt: skip
    for kind in ("Task", "Pass", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map"):
        assert f"{kind}StateEntered" in kinds
    assert {line["event"] for one in told_of for line in one["told"]} == {
        *("TaskSucceeded", "TaskFailed", "TaskHeartbeat", "TaskSubmitted", "ChildSucceeded", "ChildFailed"),
        *("FileSucceeded", "FileFailed", "TimersDue", "Stop", "Redrive"),
    }


def as_now(made: dict[str, Any]) -> dict[str, Any]:
    """A step with its document as the code of the day writes it, whatever its format was."""
    document = Execution.from_document(made["document"]).to_document()
    return {**made, "document": json.loads(json.dumps(document)) | {"reducer": None}}
