"""Which role may do what: the table `access.csv`, and the operation that a request is."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("access.csv")
ROLES = ("integrator", "analyst", "supervisor", "admin", "auditor")
MAY = "x"


@dataclass(frozen=True, slots=True)
class Operation:
    """A row of the table; `audit` is the contract's type of its audit event."""

    method: str
    path: str
    public: bool
    roles: frozenset[str]
    audit: str

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def segments(self) -> list[str]:
        return self.path.split("/")

    def named(self, path: str, name: str) -> str | None:
        """The value of a part of the path; None where this operation has none of that name."""
        given = zip(self.segments, path.split("/"), strict=True)
        return next((value for part, value in given if part == f"{{{name}}}"), None)


class Operations:
    """The table, to be asked by method and path."""

    def __init__(self, rows: Iterable[Operation]) -> None:
        self.rows = list(rows)
        self._by_length: dict[tuple[str, int], list[Operation]] = defaultdict(list)
        # Of two that fit, the one with more words of its own is meant: `individuals/new/…` is nobody's id.
        for row in sorted(self.rows, key=lambda one: one.path.count("{")):
            self._by_length[row.method, len(row.segments)].append(row)

    def find(self, method: str, path: str) -> Operation | None:
        """The operation of a request; None where the table has none."""
        asked = path.split("/")
        some = self._by_length.get((method, len(asked)), ())
        return next((one for one in some if _fits(one.segments, asked)), None)


@cache
def operations() -> Operations:
    """The table as shipped."""
    return Operations(read(TABLE.read_text()))


def read(text: str) -> list[Operation]:
    """The rows of a table."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return [
        Operation(
            row["method"],
            row["path"],
            row["public"] == MAY,
            frozenset(role for role in ROLES if row[role] == MAY),
            row["audit"],
        )
        for row in csv.DictReader(lines)
    ]


def _fits(pattern: Sequence[str], asked: Sequence[str]) -> bool:
    return all(part[:1] == "{" or part == given for part, given in zip(pattern, asked, strict=True))
