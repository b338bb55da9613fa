"""The columns that a table may ask about, each with sample values that tell its cells apart."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import combinations
from typing import Any

import zen

from libs.events.models import MatchlistAction, RiskLevel, StepResultCode

ABSENT = "ABSENT"
STEPS = ("BLOCKLIST", "KYC", "IDV", "AML", "DUPLICATE", "RISK")
# More steps than this have too many sets to look at each.
MANY = 8
LISTS = ("present", "failed", "missing", "required")
_RESULT = re.compile(r"results\.[A-Z][A-Z0-9_]*")
_CALL = re.compile(r"\b(?!not\b|in\b|and\b|or\b)\w+\s*\(")
_LITERAL = re.compile(r"'([^']*)'|\"([^\"]*)\"")

_WORDS: Mapping[str, tuple[str | None, ...]] = {
    "riskLevel": (*(level.value for level in RiskLevel), ABSENT),
    "listAction": (*(action.value for action in MatchlistAction), ""),
}
_RESULTS = (*(code.value for code in StepResultCode), None)


def words(field: str) -> tuple[str | None, ...] | None:
    """Every word that a column may hold; None for a column that holds something else."""
    return _RESULTS if _RESULT.fullmatch(field) else _WORDS.get(field)


def is_known(field: str, derived: Iterable[str]) -> bool:
    """The column is one that the decision asks about, or that a node before the table works out."""
    return field in LISTS or words(field) is not None or field.split(".")[0] in derived


def samples(field: str, steps: tuple[str, ...]) -> tuple[Any, ...] | None:
    """Values among which every one that matters is: all words, or sets of steps; None where they are not known."""
    if (known := words(field)) is not None:
        return known
    return _sets(steps) if field in LISTS else None


@cache
def _sets(steps: tuple[str, ...]) -> tuple[list[str], ...]:
    """Every set of the steps; of very many only the small ones and the whole."""
    sizes = range(len(steps) + 1) if len(steps) <= MANY else (0, 1, 2, len(steps))
    return tuple(list(some) for size in sizes for some in combinations(steps, size))


def steps_in(field: str, cells: Iterable[str]) -> set[str]:
    """The steps that a column is about or that its cells name."""
    if field in LISTS:
        return {one or other for cell in cells for one, other in _LITERAL.findall(cell)}
    return {field.partition(".")[2]} if _RESULT.fullmatch(field) else set()


def unknown_words(field: str, cell: str) -> list[str]:
    """The words in a cell that its column can never hold."""
    known = words(field)
    if _CALL.search(cell):  # what it compares with may be a part of a word
        return []
    named = (one or other for one, other in _LITERAL.findall(cell))
    return [] if known is None else [word for word in named if word not in known]


@cache
def holds_for(field: str, cell: str, steps: tuple[str, ...]) -> frozenset[int] | None:
    """The numbers of the samples for which a cell holds; None where that cannot be told."""
    values = samples(field, steps)
    if values is None:
        return None
    if not cell.strip():
        return frozenset(range(len(values)))
    compiled = zen.compile_unary_expression(cell)
    try:
        return frozenset(number for number, value in enumerate(values) if compiled.evaluate({"$": value}))
    except RuntimeError:  # it asks about more than its own column
        return None
