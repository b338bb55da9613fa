"""The execution as a document."""

import json

import pytest

from libs.asl import Execution, NewerFormat
from libs.asl.execution import FORMAT
from tests.libs.asl.factory import Story, branch, state, task


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
