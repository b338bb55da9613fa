"""The factors that there are: what kind of value each has, and why some that the contract names cannot be had."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple


class Kind(StrEnum):
    """What the value of a factor is, and so how it is scored."""

    NUMBER = "NUMBER"
    WORD = "WORD"
    YES_NO = "YES_NO"


class Known(NamedTuple):
    """A factor that can be had; `words` are all that its value can be, where that is known."""

    kind: Kind
    words: tuple[str, ...]
    personal: bool


class Catalogue(NamedTuple):
    """Factors by name, and the reason for each that cannot be had."""

    known: Mapping[str, Known]
    unavailable: Mapping[str, str]

    def is_personal(self, factor: str) -> bool:
        """The value is the person's own."""
        return factor in self.known and self.known[factor].personal


def catalogue(document: Mapping[str, Any]) -> Catalogue:
    """The catalogue in a document."""
    return Catalogue({name: _known(row) for name, row in document["factors"].items()}, document["unavailable"])


def _known(row: Mapping[str, Any]) -> Known:
    kind = Kind(row["kind"])
    words = ("TRUE", "FALSE") if kind is Kind.YES_NO else tuple(row.get("words", ()))
    return Known(kind, words, row.get("personal", False))
