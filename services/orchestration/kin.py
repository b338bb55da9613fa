"""What an execution has to do with others: who started it, who waits for its end, and whose ends it waits for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from libs.asl import ChildFailed, ChildSucceeded, Event, Execution, ScheduleTask, TaskFailed, TaskSucceeded
from libs.asl.execution import SUCCEEDED
from libs.asl.start_execution import ended


@dataclass(frozen=True, slots=True)
class Awaiter:
    """An execution that waits for the end of this one: as for an item of its Map, or as for the end of a Task.

    `number` is the child id, or the task id of a Task with this resource and these parameters.
    """

    execution_id: str
    number: int
    resource: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def told(self, execution: Execution, now: datetime) -> dict[str, Any]:
        """The end of the execution as this one is told of it, as JSON."""
        if self.resource is None:
            of_map = {"child": self.number}
            if execution.status == SUCCEEDED:
                return {**of_map, "output": execution.output}
            return {**of_map, "error": execution.error, "cause": execution.cause}
        task = ScheduleTask(self.number, "", self.resource, self.parameters, 0, None)
        answer = ended(task, execution, now)
        of_task = {"task": self.number}
        if isinstance(answer, TaskSucceeded):
            return {**of_task, "output": answer.output}
        return {**of_task, "error": answer.error, "cause": answer.cause}


def end(told: Mapping[str, Any]) -> Event:
    """What the end of another execution is to the workflow."""
    succeeded = "output" in told
    if "child" in told:
        child = told["child"]
        return ChildSucceeded(child, told["output"]) if succeeded else ChildFailed(child, told["error"], told["cause"])
    task = told["task"]
    return TaskSucceeded(task, told["output"]) if succeeded else TaskFailed(task, told["error"], told["cause"])


@dataclass(slots=True)
class Kin:
    """`item`: it works on an item of a Map of its parent. `workflow`: service and name, where its input has none.

    `nested`: task id → the execution that the task started, while it waits for its end.
    """

    parent_id: str | None = None
    item: bool = False
    workflow: tuple[str, str] | None = None
    awaiters: list[Awaiter] = field(default_factory=list)
    nested: dict[int, str] = field(default_factory=dict)

    def to_document(self) -> dict[str, Any] | None:
        """As JSON, beside the parent's id; None for an execution that has nothing to do with others."""
        if not (self.parent_id or self.awaiters or self.nested):
            return None
        return {
            "item": self.item,
            "workflow": self.workflow,
            "awaiters": [[one.execution_id, one.number, one.resource, one.parameters] for one in self.awaiters],
            "nested": {str(task): execution for task, execution in self.nested.items()},
        }


def kin_of(parent_id: str | None, document: Mapping[str, Any] | None) -> Kin:
    """What a row says."""
    if document is None:
        return Kin(parent_id)
    return Kin(
        parent_id,
        document["item"],
        document["workflow"] and tuple(document["workflow"]),
        [Awaiter(*one) for one in document["awaiters"]],
        {int(task): execution for task, execution in document["nested"].items()},
    )
