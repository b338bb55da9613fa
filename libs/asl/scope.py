"""What an expression can see besides the value that `$` stands for."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from libs.asl.size import Known


class Scope(Protocol):
    """The state that an expression is evaluated in."""

    @property
    def now(self) -> datetime:
        """The time of the event that is being applied."""

    @property
    def known(self) -> Known:
        """The payloads at hand, with their sizes."""

    def context(self) -> Mapping[str, Any]:
        """The context object, `$$`."""

    def variables(self) -> Mapping[str, Any]:
        """The variables that can be seen here."""

    def seed(self) -> str:
        """A text never given before in this execution, and the same again when the execution is replayed."""


Evaluator = Callable[[Any, Scope], Any]
"""A compiled expression: (a value, the scope) → a JSON value that nobody may change.

To a JSONPath expression the value is what `$` stands for, to a JSONata expression the members of `$states`.
"""
