"""Files that a distributed Map reads its items from, and writes its results to: the caller does both."""

from typing import Any

from libs.asl import branching, child_executions
from libs.asl.branch import Branch
from libs.asl.draft import Draft
from libs.asl.effects import ReadItems, WriteResults
from libs.asl.errors import StateFailure
from libs.asl.evaluation import items_read, results_joined
from libs.asl.item_reader import reading_failed
from libs.asl.outcomes import CallFile, Gathered, Move
from libs.asl.result_writer import writing_failed
from libs.asl.size import bytes_of
from libs.asl.waiting import AwaitedFile


def read(draft: Draft, branch: Branch, call: CallFile) -> None:
    """Have the caller read the items."""
    file_id = draft.new_id()
    branch.waiting = AwaitedFile(file_id, writing=False, map_run=None)
    draft.effects.append(ReadItems(file_id, branch.state, call.resource, call.parameters, call.config or {}))


def write_or_complete(draft: Draft, branch: Branch, gathered: Gathered) -> Move | None:
    """Have the caller write the results, where the Map wants them in a file."""
    call = results_joined(draft, branch, gathered.outputs)
    if isinstance(call, StateFailure):
        return _failed(draft, branch, call)
    if call is None:
        return branching.complete(draft, branch, gathered.outputs, gathered.bytes, gathered.map_run)
    file_id = draft.new_id()
    branch.waiting = AwaitedFile(file_id, writing=True, map_run=gathered.map_run)
    config = call.config or {}
    draft.effects.append(WriteResults(file_id, branch.state, call.resource, call.parameters, gathered.outputs, config))
    return None


def awaiting(draft: Draft, file_id: int) -> Branch | None:
    """The branch that waits for a file; None where none does any more."""
    for branch in draft.execution.branches.values():
        if isinstance(branch.waiting, AwaitedFile) and branch.waiting.file_id == file_id:
            return draft.own(branch.id)
    return None


def succeeded(draft: Draft, branch: Branch, awaited: AwaitedFile, output: Any) -> Move | None:
    """The items have been read, or the results written."""
    if awaited.writing:
        result = {"MapRunArn": awaited.map_run, "ResultWriterDetails": output}
        return branching.complete(draft, branch, result, bytes_of(result), awaited.map_run)
    made = items_read(draft, branch, output)
    return _failed(draft, branch, made) if isinstance(made, StateFailure) else (branch, made)


def failed(draft: Draft, branch: Branch, awaited: AwaitedFile, cause: str | None) -> Move:
    """The file could not be read or written."""
    return _failed(draft, branch, (writing_failed if awaited.writing else reading_failed)(cause))


def _failed(draft: Draft, branch: Branch, failure: StateFailure) -> Move:
    """The Map run fails with its file; where it has not begun, it has none the less, as on AWS."""
    if isinstance(branch.waiting, AwaitedFile) and not branch.waiting.writing:
        draft.record(branch, "MapStateStarted", {"length": 0})
        child_executions.start_map_run(draft, branch)
    child_executions.fail_map_run(draft, branch, failure)
    return branch, failure.around()
