"""Words that mean the same, as a document: nicknames, and how addresses are abbreviated."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from libs.events.record import Record

_NONE: frozenset[int] = frozenset()


class WordsDocument(Record):
    """One line of `nicknames` holds the forms of one name, with spaces between them; all in folded words."""

    version: str
    nicknames: tuple[str, ...]
    abbreviations: dict[str, str]
    subdivisions: dict[str, str]


# One for a process, and compared by identity: what follows from two words is remembered by it.
@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """The same, to look up in; `lines` are those that each form of a name stands on."""

    version: str
    lines: Mapping[str, frozenset[int]]
    abbreviations: Mapping[str, str]
    subdivisions: Mapping[str, str]

    def same_name(self, a: str, b: str) -> bool:
        """Two folded given names are forms of one name."""
        return not self.lines.get(a, _NONE).isdisjoint(self.lines.get(b, _NONE))

    def forms(self, name: str) -> list[str]:
        """The other forms of a folded given name, in order."""
        return sorted({form for form in self.lines if self.same_name(form, name)} - {name})


def parse(document: Mapping[str, Any]) -> Words:
    """The words in a document; raises ValueError with the path to what is wrong in it."""
    parsed = WordsDocument.model_validate(document)
    lines = [frozenset(line.split()) for line in parsed.nicknames]
    return Words(
        parsed.version,
        {form: frozenset(at for at, line in enumerate(lines) if form in line) for line in lines for form in line},
        parsed.abbreviations,
        parsed.subdivisions,
    )
