"""Amazon States Language as a pure, suspendable reducer.

`Machine.load` compiles a definition; `start` and `step` move an execution on and say what is to be done. Nothing
here does I/O, reads a clock or draws random numbers: the same events give the same execution, byte for byte.
"""

from libs.asl.effects import Effect, ScheduleTask
from libs.asl.events import Event, Stop, TaskFailed, TaskHeartbeat, TaskSucceeded, TimersDue
from libs.asl.execution import Execution, NewerFormat
from libs.asl.history import HistoryEvent
from libs.asl.machine import Machine
from libs.asl.problems import InvalidDefinition, Problem
from libs.asl.step import Step, start, step

__all__ = [
    "Effect",
    "Event",
    "Execution",
    "HistoryEvent",
    "InvalidDefinition",
    "Machine",
    "NewerFormat",
    "Problem",
    "ScheduleTask",
    "Step",
    "Stop",
    "TaskFailed",
    "TaskHeartbeat",
    "TaskSucceeded",
    "TimersDue",
    "start",
    "step",
]
