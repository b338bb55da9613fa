"""What a figure has to be."""

from collections.abc import Iterable
from decimal import Decimal

from pydantic import model_validator

from libs.events.record import Record

Value = Decimal | str


class Bound(Record):
    """A number between two ends, both of which are within, or one of some words."""

    atLeast: Decimal | None = None
    atMost: Decimal | None = None
    oneOf: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _says_one_thing(self) -> "Bound":
        numbers = self.atLeast is not None or self.atMost is not None
        if numbers == bool(self.oneOf):
            raise ValueError("either atLeast and atMost are to be given, or oneOf")
        return self

    def holds(self, value: Value) -> bool:
        """Whether a value is as it has to be; a word is never a number."""
        if self.oneOf or isinstance(value, str):
            return value in self.oneOf
        return (self.atLeast is None or self.atLeast <= value) and (self.atMost is None or value <= self.atMost)

    def told(self) -> str:
        """In words, e.g. `at least 600`."""
        return ", ".join(self._parts())

    def _parts(self) -> Iterable[str]:
        if self.oneOf:
            yield " or ".join(self.oneOf)
        if self.atLeast is not None:
            yield f"at least {self.atLeast:f}"
        if self.atMost is not None:
            yield f"at most {self.atMost:f}"
