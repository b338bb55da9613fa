"""An errand: what one execution has to do to another, or with a file."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What is to be done; to the execution that asks, where nothing else is said."""

    ITEM = "ITEM"
    """Start the execution of an item of a Map, or have it go on: `state`, `child`, `input`, `context`, `redriven`."""
    EXECUTION = "EXECUTION"
    """Start what a Task names, and answer: `task`, `state`, `resource`, `parameters`."""
    STOP = "STOP"
    """Stop an execution that nobody waits for any more: perhaps a `cause`."""
    END = "END"
    """Tell an execution of the end of another: see `kin.end`."""
    READ = "READ"
    """Read a file of items: `file`, `resource`, `parameters`."""
    WRITE = "WRITE"
    """Write the results of a Map: as READ, with `results` and `config`."""


@dataclass(frozen=True, slots=True)
class Errand:
    """One of them, to an execution by another."""

    kind: Kind
    customer_id: str
    execution_id: str
    by_id: str
    document: dict[str, Any]
    id: int = 0

    @property
    def key(self) -> tuple[str, str]:
        """Customer and execution that it is to."""
        return self.customer_id, self.execution_id
