"""What comes of executing a state: it is left, or it stops for something."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from libs.asl.errors import StateFailure

if TYPE_CHECKING:
    from libs.asl.branch import Branch
    from libs.asl.tolerance import Tolerance


@dataclass(slots=True)
class Leave:
    """The state is done; `next` None ends the branch. The output takes at most so many bytes."""

    output: Any
    next: str | None
    bytes: int
    assigned: dict[str, Any] | None = None


@dataclass(slots=True)
class Pause:
    """The state waits for a time."""

    until: datetime


@dataclass(slots=True)
class CallTask:
    """The state waits for the answer of a task; the parameters take at most so many bytes."""

    parameters: Any
    bytes: int
    timeout_seconds: int | None
    heartbeat_seconds: int | None


@dataclass(slots=True)
class CallFile:
    """The state waits until the caller has read its items from a file, or written its results to one."""

    resource: str
    parameters: Any
    results: list[Any] | None = None
    config: Mapping[str, Any] | None = None


@dataclass(slots=True)
class Start:
    """One branch to run: its first state, its input, and the item of a Map that it is for."""

    index: int
    start_at: str
    input: Any
    item: dict[str, Any] | None
    bytes: int


@dataclass(slots=True)
class Fork:
    """The state waits for branches.

    `width` is how many may run at once, 0 for all; `bytes` is what the largest input takes; where there is a
    `tolerance` the branches are child executions; with a `failure` the state starts, and fails at once.
    """

    starts: Sequence[Start]
    width: int
    bytes: int
    tolerance: "Tolerance | None" = None
    failure: StateFailure | None = None


Outcome = Leave | Pause | CallTask | CallFile | Fork


@dataclass(slots=True)
class Joined:
    """The branches that a state waited for have all ended; their outputs in order."""

    outputs: list[Any]
    bytes: int


@dataclass(slots=True)
class Gathered:
    """The child executions of a Map have all ended; what they gave may have to be written to a file first."""

    outputs: list[Any]
    bytes: int
    map_run: str


Result = Outcome | Joined | Gathered | StateFailure

Move = tuple["Branch", Result]
"""A branch, and what is to be applied to it."""
