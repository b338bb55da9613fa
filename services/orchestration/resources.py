"""What the Tasks of machines written for AWS mean here: a table, read from `resources.yaml`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from libs.asl.integration import Call
from libs.asl.states.comparison import string_matches


class BadTable(ValueError):
    """The table of resources cannot be understood."""


@dataclass(frozen=True, slots=True)
class Row:
    """A function or another resource, and the check that it is, or the answer that it gets without one."""

    by: str
    pattern: str
    check: str | None = None
    answer: Any = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    raises: Mapping[str, str] = field(default_factory=dict)

    def fits(self, call: Call) -> bool:
        """The row is about what is called."""
        return string_matches(call.function if self.by == "function" else call.resource, self.pattern)


@dataclass(frozen=True, slots=True)
class Resources:
    """The rows in their order, how the errors of checks are called there, and which workflows its machines are."""

    rows: tuple[Row, ...] = ()
    errors: Mapping[str, str] = field(default_factory=dict)
    machines: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls, document: Mapping[str, Any]) -> "Resources":
        """Raises BadTable."""
        rows = tuple(_row(number, row) for number, row in enumerate(document["resources"]))
        for name, workflow in document["machines"].items():
            if "/" not in workflow:
                raise BadTable(f"machines.{name}: SERVICE/WORKFLOW is needed, not {workflow}")
        return cls(rows, document["errors"], document["machines"])

    def row(self, call: Call) -> Row | None:
        """The first row that fits."""
        return next((row for row in self.rows if row.fits(call)), None)


def _row(number: int, row: Mapping[str, Any]) -> Row:
    fields = dict(row)
    named = [(by, fields.pop(by)) for by in ("function", "resource") if by in fields]
    if len(named) != 1 or ("check" in fields) == ("answer" in fields):
        raise BadTable(f"resources[{number}]: one of function and resource, and one of check and answer, are needed")
    if unknown := fields.keys() - {"check", "answer", "settings", "raises"}:
        raise BadTable(f'resources[{number}]: "{min(unknown)}" is not a field of a row')
    return Row(*named[0], **fields)


def outcomes_in(payload: Any) -> Iterator[Mapping[str, Any]]:
    """The outcomes of steps that stand anywhere in a payload, in its order."""
    if isinstance(payload, Mapping):
        if "stepName" in payload and "result" in payload:
            yield payload
            return
        payload = list(payload.values())
    if isinstance(payload, list):
        for value in payload:
            yield from outcomes_in(value)
