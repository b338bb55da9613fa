"""What the caller of a step must do. Timers need no effect: they stand in the execution."""

from dataclasses import dataclass
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


Effect = ScheduleTask
