"""What an expression can see besides the value that `$` stands for."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol


class Scope(Protocol):
    """The state that an expression is evaluated in."""

    @property
    def now(self) -> datetime:
        """The time of the event that is being applied."""

    def context(self) -> Mapping[str, Any]:
        """The context object, `$$`."""

    def seed(self) -> str:
        """A text never given before in this execution, and the same again when the execution is replayed."""


Evaluator = Callable[[Any, Scope], Any]
"""A compiled expression: (the value of `$`, the scope) → a JSON value that nobody may change."""
