"""Which item a concept of a taxonomy is: a table with its sources."""

import csv
import re
from collections.abc import Iterable
from typing import NamedTuple

from services.prescreening.accounts.form import ITEMS

COLUMNS = ("taxonomy", "concept", "dimension", "item", "source")
# By the namespaces of their yearly editions.
NAMESPACES = (
    ("uk", re.compile(r"https?://xbrl\.frc\.org\.uk/.+")),
    ("ifrs", re.compile(r"https?://xbrl\.ifrs\.org/taxonomy/.+")),
    ("us-gaap", re.compile(r"https?://fasb\.org/us-gaap/.+")),
)


class Concept(NamedTuple):
    """An item, and how early its concept stands in the table: of several the first one counts."""

    item: str
    rank: int


class Concepts:
    """The table: taxonomy, local name and dimension (`Dimension=Member`, or nothing) → item."""

    def __init__(self, rows: dict[tuple[str, str, str], Concept]) -> None:
        self._rows = rows

    def find(self, namespace: str, name: str, dimension: str) -> Concept | None:
        """The item of a concept; None where it is of no use here."""
        taxonomy = next((known for known, form in NAMESPACES if form.fullmatch(namespace)), None)
        return self._rows.get((taxonomy, name, dimension)) if taxonomy else None


def concepts(lines: Iterable[str]) -> Concepts:
    """The table of a CSV file; raises ValueError with the line of what is wrong."""
    rows = csv.DictReader(lines)
    if tuple(rows.fieldnames or ()) != COLUMNS:
        raise ValueError(f"line 1: the columns are to be {', '.join(COLUMNS)}")
    found: dict[tuple[str, str, str], Concept] = {}
    for row in rows:
        key = row["taxonomy"], row["concept"], row["dimension"]
        if row["item"] not in ITEMS:
            raise ValueError(f"line {rows.line_num}: {row['item']!r} is no item")
        if row["taxonomy"] not in [known for known, _ in NAMESPACES]:
            raise ValueError(f"line {rows.line_num}: {row['taxonomy']!r} is no taxonomy")
        if key in found:
            raise ValueError(f"line {rows.line_num}: {row['concept']!r} stands here twice")
        found[key] = Concept(row["item"], len(found))
    return Concepts(found)
