"""What comes of executing a state: it is left, or it stops for something."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from libs.asl.errors import StateFailure

if TYPE_CHECKING:
    from libs.asl.branch import Branch


@dataclass(slots=True)
class Leave:
    """The state is done; `next` None ends the branch."""

    output: Any
    next: str | None


@dataclass(slots=True)
class Pause:
    """The state waits for a time."""

    until: datetime


@dataclass(slots=True)
class CallTask:
    """The state waits for the answer of a task."""

    parameters: Any
    timeout_seconds: int | None
    heartbeat_seconds: int | None


@dataclass(slots=True)
class Start:
    """One branch to run: its first state, its input, and the item of a Map that it is for."""

    index: int
    start_at: str
    input: Any
    item: dict[str, Any] | None


@dataclass(slots=True)
class Fork:
    """The state waits for branches; `width` is how many may run at once, 0 for all."""

    starts: Sequence[Start]
    width: int


Outcome = Leave | Pause | CallTask | Fork


@dataclass(slots=True)
class Joined:
    """The branches that a state waited for have all ended; their outputs in order."""

    outputs: list[Any]


Result = Outcome | Joined | StateFailure

Move = tuple["Branch", Result]
"""A branch, and what is to be applied to it."""
