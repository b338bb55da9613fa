"""`states:startExecution`: which workflow a Task starts, under which name, and what AWS says where it cannot."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from libs.asl import ScheduleTask
from libs.events.message import derived_id

_ARN = re.compile(r"arn:[\w-]+:states:[^:]*:[^:]*:stateMachine:([^:]+)(?::([^:]+))?")
_NAME = re.compile(r"""[^\s<>{}\[\]?*"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f]{1,80}""")


class Refused(ValueError):
    """The execution cannot be started: AWS's error, and its cause."""

    def __init__(self, error: str, cause: str) -> None:
        super().__init__(cause)
        self.error = f"StepFunctions.{error}"
        self.cause = cause


@dataclass(frozen=True, slots=True)
class Wanted:
    """A workflow, perhaps of a service, perhaps with a version or alias behind a colon; the input and the name."""

    service_name: str | None
    workflow_name: str
    input: Any
    name: str | None


def wanted(task: ScheduleTask, table: Mapping[str, str]) -> Wanted:
    """What a Task asks for; `table`: a machine of another account → `SERVICE/WORKFLOW`. Raises Refused."""
    parameters = task.parameters if isinstance(task.parameters, Mapping) else {}
    machine, name = parameters.get("StateMachineArn"), parameters.get("Name")
    if not isinstance(machine, str) or not machine:
        raise Refused("ValidationException", f"States.{task.state}: StateMachineArn must name a workflow")
    if name is not None and not (isinstance(name, str) and _NAME.fullmatch(name)):
        raise Refused("InvalidNameException", f"Invalid Name: '{name}'")
    service, _, workflow = _known_here(machine, table).rpartition("/")
    if not workflow.partition(":")[0]:
        raise unknown(task)
    return Wanted(service or None, workflow, parameters.get("Input", {}), name)


def execution_id(by_id: str, person: str, task_id: int, workflow: tuple[str, str], name: str | None) -> str:
    """The id of the execution: of a name there is one for each person and workflow."""
    if name is None:
        return derived_id(by_id, "orchestration", "execution", task_id)
    return derived_id(person, "orchestration", "execution", *workflow, name)


def unknown(task: ScheduleTask) -> Refused:
    """No workflow goes by this."""
    machine = task.parameters["StateMachineArn"]
    return Refused("StateMachineDoesNotExistException", f"State Machine Does Not Exist: '{machine}'")


def exists(other_id: str) -> Refused:
    """The name is taken."""
    return Refused("ExecutionAlreadyExistsException", f"Execution Already Exists: '{other_id}'")


def _known_here(machine: str, table: Mapping[str, str]) -> str:
    """`[SERVICE/]WORKFLOW[:VERSION]` of a name or an ARN."""
    arn = _ARN.fullmatch(machine)
    if arn is None:
        return table.get(machine, machine)
    name, version = arn.groups()
    plain = machine if version is None else machine.removesuffix(f":{version}")
    if (found := table.get(machine)) is not None:
        return found
    found = table.get(plain, table.get(name, name))
    return found if version is None or ":" in found else f"{found}:{version}"
