"""Labelled pairs, split into a half to learn from and a half to report on, no person in both."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

from services.duplicates.given import person
from services.duplicates.traits import Traits

Half = Literal["learned", "reported", "both"]


class Pair(NamedTuple):
    """Two records, whether they are of one person, and the half in which all records of both persons are."""

    one: Traits
    other: Traits
    match: bool
    half: Half
    persons: tuple[str, str]


@dataclass(frozen=True, slots=True)
class F1:
    """How well pairs were told apart: found rightly, found wrongly, missed."""

    right: int
    wrong: int
    missed: int

    @property
    def value(self) -> float:
        """The harmonic mean of precision and recall; 1 where there was nothing to find and nothing was."""
        return (
            2 * self.right / (2 * self.right + self.wrong + self.missed)
            if self.right + self.wrong + self.missed
            else 1.0
        )


def f1(found: Iterable[tuple[bool, bool]]) -> F1:
    """From (found, is so) of each pair."""
    told = list(found)
    return F1(
        right=sum(found and match for found, match in told),
        wrong=sum(found and not match for found, match in told),
        missed=sum(match and not found for found, match in told),
    )


def read(path: Path) -> list[Pair]:
    """Lines `{"query", "target", "expected": {"match"}}`; raises ValueError with file and line.

    Records that match are of one person, whether directly or by way of others; a person's half is a hash of theirs.
    A pair of two persons of different halves is of neither.
    """
    lines = [_line(path, number, line) for number, line in enumerate(path.read_text().splitlines(), 1) if line.strip()]
    persons = _persons((_key(one), _key(other), match) for one, other, match in lines)
    return [_pair(one, other, match, persons) for one, other, match in lines]


def _line(path: Path, number: int, line: str) -> tuple[dict[str, Any], dict[str, Any], bool]:
    try:
        case = json.loads(line)
        sides = (case["query"], case["target"])
        return (
            {**sides[0]},
            {name: value for name, value in sides[1].items() if name != "id"},
            case["expected"]["match"],
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path}:{number}: no labelled pair: {type(error).__name__}: {error}") from None


def _key(record: dict[str, Any]) -> str:
    return json.dumps(record, sort_keys=True)


def _persons(pairs: Iterable[tuple[str, str, bool]]) -> dict[str, str]:
    """The person of each record: the least of the records that are theirs."""
    leads: dict[str, str] = {}

    def first(record: str) -> str:
        while (to := leads.setdefault(record, record)) != record:
            record = to
        return record

    for one, other, match in pairs:
        a, b = sorted((first(one), first(other)))
        if match:
            leads[b] = a
    return {record: first(record) for record in list(leads)}


def _pair(one: dict[str, Any], other: dict[str, Any], match: bool, persons: dict[str, str]) -> Pair:
    of = (persons[_key(one)], persons[_key(other)])
    halves: Sequence[Half] = [_half(name) for name in of]
    half = halves[0] if halves[0] == halves[1] else "both"
    return Pair(person(one, "query").traits, person(other, "target").traits, match, half, of)


def _half(name: str) -> Half:
    return "reported" if hashlib.sha256(name.encode()).digest()[0] % 2 else "learned"


def of_half(pairs: Iterable[Pair], half: Half) -> Iterator[Pair]:
    """The pairs of one half."""
    return (pair for pair in pairs if pair.half == half)
