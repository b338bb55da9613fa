"""What the caller of a step must do. Timers need no effect: they stand in the execution."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class ScheduleTask:
    """Have a resource work on these parameters, and answer under this task id.

    `parameters` may be shared with the compiled machine: read them, never change them.
    """

    task_id: int
    state: str
    resource: str
    parameters: Any
    attempt: int
    timeout_at: datetime | None


@dataclass(frozen=True, slots=True)
class StartChild:
    """Start an item of a distributed Map as an execution of its own, and tell of its end under this child id.

    `start(machine, …, map_state=effect.state)` starts it. A redriven one failed or was stopped before.
    """

    child_id: int
    execution_id: str
    state: str
    input: Any
    context: Mapping[str, Any]
    redriven: bool


@dataclass(frozen=True, slots=True)
class StopChild:
    """Stop a child execution: nobody waits for it any more."""

    child_id: int
    execution_id: str


@dataclass(frozen=True, slots=True)
class ReadItems:
    """Read the file that the items of a Map stand in, and answer under this file id: with its text or its items.

    `config` is the ReaderConfig. A list of objects, and what is in many files or in no text (`PARQUET`, `MANIFEST`,
    `LOAD_AND_FLATTEN`), is answered with the items.
    """

    file_id: int
    state: str
    resource: str
    parameters: Any
    config: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WriteResults:
    """Write the results of a Map as its WriterConfig says, and answer with where they are under this file id."""

    file_id: int
    state: str
    resource: str
    parameters: Any
    results: list[Any]
    config: Mapping[str, Any]


Effect = ScheduleTask | StartChild | StopChild | ReadItems | WriteResults
