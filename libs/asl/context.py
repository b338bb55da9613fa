"""The context object, `$$`."""

from typing import Any

from libs.asl.branch import Branch
from libs.asl.execution import Execution
from libs.asl.timestamps import format_timestamp

_COUNTS_RETRIES = ("Task", "Parallel", "Map")


def context_object(execution: Execution, branch: Branch, kind: str, task_token: str | None) -> dict[str, Any]:
    """What `$$` is at the state where a branch stands."""
    given = execution.context
    context: dict[str, Any] = {
        **given,
        "Execution": {
            "Id": execution.id,
            "Input": execution.input,
            "Name": execution.id,
            "StartTime": format_timestamp(execution.started_at),
            "RedriveCount": execution.redrives,
            **_redriven(execution),
            **given.get("Execution", {}),
        },
        "State": _state(branch, kind),
    }
    if branch.item is not None:
        context["Map"] = {"Item": branch.item}
    if task_token is not None:
        context["Task"] = {"Token": task_token}
    return context


def _redriven(execution: Execution) -> dict[str, str]:
    return {} if execution.redriven_at is None else {"RedriveTime": format_timestamp(execution.redriven_at)}


def _state(branch: Branch, kind: str) -> dict[str, Any]:
    state: dict[str, Any] = {"Name": branch.state}
    if branch.entered_at is not None:
        state["EnteredTime"] = format_timestamp(branch.entered_at)
    if kind in _COUNTS_RETRIES:
        state["RetryCount"] = branch.retry_count
    return state
