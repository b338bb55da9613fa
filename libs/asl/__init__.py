"""Amazon States Language as a pure, suspendable reducer.

`Machine.load` compiles a definition; `start` and `step` move an execution on and say what is to be done. Nothing
here does I/O, reads a clock or draws random numbers: the same events give the same execution, byte for byte.
"""

from libs.asl.effects import Effect, ReadItems, ScheduleTask, StartChild, StopChild, WriteResults
from libs.asl.events import (
    ChildFailed,
    ChildSucceeded,
    Event,
    FileFailed,
    FileSucceeded,
    Redrive,
    Stop,
    TaskFailed,
    TaskHeartbeat,
    TaskSubmitted,
    TaskSucceeded,
    TimersDue,
)
from libs.asl.execution import Execution, NewerFormat
from libs.asl.history import HistoryEvent
from libs.asl.machine import Machine
from libs.asl.migrating import NotMigrated, migrate
from libs.asl.problems import InvalidDefinition, Problem
from libs.asl.step import Step, start, step

__all__ = [
    "ChildFailed",
    "ChildSucceeded",
    "Effect",
    "Event",
    "Execution",
    "FileFailed",
    "FileSucceeded",
    "HistoryEvent",
    "InvalidDefinition",
    "Machine",
    "NewerFormat",
    "NotMigrated",
    "Problem",
    "ReadItems",
    "Redrive",
    "ScheduleTask",
    "StartChild",
    "Step",
    "Stop",
    "StopChild",
    "TaskFailed",
    "TaskHeartbeat",
    "TaskSubmitted",
    "TaskSucceeded",
    "TimersDue",
    "WriteResults",
    "migrate",
    "start",
    "step",
]
