"""Entries of lists searched by what they match on, compared as the check compares persons with them."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from libs.events.models import MatchlistAttribute, MatchRule
from libs.matchlists.attributes import KINDS, sorted_words, words
from libs.matchlists.comparing import UNLIKE, alike, same

# Kinds of several words, which a slip may be in.
WORDED = (words, sorted_words)


class Met(NamedTuple):
    """An attribute of an entry that is as searched for, and how strongly, 0 to 100."""

    attribute: MatchlistAttribute
    strength: int


class Search:
    """What is searched for; `fuzzy` allows for a slip in words, None leaves it to each kind's own rule."""

    def __init__(self, wanted: Iterable[tuple[str, str]], fuzzy: bool | None) -> None:
        self._wanted = [(kind, normalised(kind, value), _is_fuzzy(kind, fuzzy)) for kind, value in wanted]

    def met_by(self, attributes: Sequence[MatchlistAttribute]) -> list[Met] | None:
        """The attributes that are as searched for; None unless each that is wanted is met."""
        found = []
        for kind, value, fuzzy in self._wanted:
            of_kind = [_met(kind, value, fuzzy, one) for one in attributes if one.type == kind]
            best = max(of_kind, key=_strength, default=None)
            if best is None or not best.strength:
                return None
            found.append(best)
        return found


def _met(kind: str, value: str, fuzzy: bool, one: MatchlistAttribute) -> Met:
    listed = normalised(kind, one.value)
    if not listed or not value:
        return Met(one, UNLIKE)
    return Met(one, alike(listed, value) if fuzzy else same(kind, listed, value))


def _strength(met: Met) -> int:
    return met.strength


def _is_fuzzy(kind: str, fuzzy: bool | None) -> bool:
    if kind not in KINDS:
        return bool(fuzzy)
    if fuzzy is None:
        return KINDS[kind].rule is MatchRule.FUZZY
    return fuzzy and KINDS[kind].normalise in WORDED


@lru_cache(maxsize=100_000)
def normalised(kind: str, value: str) -> str:
    """A value as it is compared; one of a kind that no person has, by its words."""
    return KINDS[kind].normalise(value) if kind in KINDS else words(value)
