"""What labelled pairs tell of each level: how often it is seen of one person and of two, after Fellegi and Sunter."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from math import log2
from random import Random
from typing import NamedTuple

from services.duplicates.compare import compare, likenesses
from services.duplicates.labelled import F1, Pair, f1
from services.duplicates.likeness import LEVELS
from services.duplicates.weights import Weights

# Pairs of two persons drawn at random from each set.
DRAWN = 150_000
# Added to each count, so that what was never seen is not impossible.
UNSEEN = 0.5

Counts = dict[str, Counter[str]]


class Learned(NamedTuple):
    """Of `one` person and of `two`, the share of pairs on this level, and the bits that it is worth."""

    field: str
    level: str
    one: float
    two: float
    seen: int

    @property
    def bits(self) -> float:
        """The weight as seen, without the bounds of the table."""
        return log2(self.one / self.two)


def learn(sets: Sequence[Sequence[Pair]], seed: int, drawn: int = DRAWN) -> Iterator[Learned]:
    """Every level of each field that the sets have; those without are left out."""
    same = _counts(pair for pairs in sets for pair in pairs if pair.match)
    two = _counts(pair for pairs in sets for pair in _strangers(pairs, Random(seed), drawn))
    for field, levels in LEVELS.items():
        if field in same and field in two:
            for level in levels:
                yield Learned(
                    field, level, _share(same[field], level, levels), _share(two[field], level, levels),
                    same[field][level],
                )  # fmt: skip


def measured(pairs: Iterable[Pair], weights: Weights) -> F1:
    """How well the weights tell pairs apart."""
    return f1((compare(pair.one, pair.other, weights).score >= weights.likely.pair, pair.match) for pair in pairs)


def _counts(pairs: Iterable[Pair]) -> Counts:
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for pair in pairs:
        for field, found in likenesses(pair.one, pair.other):
            counts[field][found.level] += 1
    return counts


def _share(counts: Counter[str], level: str, levels: Sequence[str]) -> float:
    return (counts[level] + UNSEEN) / (counts.total() + UNSEEN * len(levels))


def _strangers(pairs: Sequence[Pair], random: Random, drawn: int) -> Iterator[Pair]:
    """Records of two persons, drawn at random: those that were labelled may have been chosen for their likeness."""
    records = [
        (traits, who) for pair in pairs for traits, who in zip((pair.one, pair.other), pair.persons, strict=True)
    ]
    for _ in range(drawn):
        (one, who), (other, whom) = random.choice(records), random.choice(records)
        if who != whom:
            yield Pair(one, other, False, "learned", (who, whom))
