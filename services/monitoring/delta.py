"""What is different between two versions of a watchlist, and whom of those who are watched it is about."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import orjson
from nomenklatura.matching.types import ScoringConfig

from libs.screening.index import Index, keys
from libs.screening.matching import hits, matcher, warm_up
from libs.screening.person import Person, person
from libs.screening.policy import YEARS_BESIDE
from libs.screening.watchlist import Entry, Watchlist, entry
from services.monitoring.store import Candidate, Subject, Wanted
from services.monitoring.watched import Person as Key

Facts: TypeAlias = Mapping[str, Any]

# The gravest first: of several entries, it is told by the first of these.
LISTED, LISTING_CHANGED, DELISTED = KINDS = ("LISTED", "LISTING_CHANGED", "DELISTED")
# What makes a candidate: an equal word, one that sounds the same or is known as the same, or equal consonants.
BLOCKING = frozenset({"word", "sound", "symbol", "consonants"})
YEAR = len("2000")


class Change(NamedTuple):
    """An entry that was added, changed or removed: what is said of it now, and what was before."""

    entry_id: str
    before: Entry | None
    after: Entry | None

    @property
    def kind(self) -> str:
        if self.before is None:
            return LISTED
        return DELISTED if self.after is None else LISTING_CHANGED

    @property
    def entries(self) -> list[Entry]:
        return [one for one in (self.before, self.after) if one is not None]

    @property
    def wanted(self) -> Wanted:
        """Whom it may be about."""
        return Wanted(self._keys(), self._years())

    def _keys(self) -> list[str]:
        names = {name for one in self.entries for name in (*one.names, *one.weak_names)}
        return sorted({key for name in names for kind, key in keys(name) if kind in BLOCKING})

    def _years(self) -> list[int]:
        if not all(one.dates_of_birth for one in self.entries):
            return []
        listed = {int(date[:YEAR]) for one in self.entries for date in one.dates_of_birth}
        return sorted({year + apart for year in listed for apart in range(-YEARS_BESIDE, YEARS_BESIDE + 1)})


def loaded() -> ScoringConfig:
    """The matcher, its libraries' data loaded: it takes seconds, once, before anyone waits."""
    config = matcher()
    somebody = entry({"id": "-", "schema": "Person", "name": "John Smith"}, "-")
    warm_up(_index([somebody]), config)
    return config


def changes(before: Mapping[str, Facts], after: Mapping[str, Facts]) -> list[tuple[str, Facts | None, Facts | None]]:
    """The entries by id that are not the same in both versions, with what each says of them."""
    return [
        (id, before.get(id), after.get(id))
        for id in sorted(before.keys() | after.keys())
        if before.get(id) != after.get(id)
    ]


def change(id: str, before: Facts | None, after: Facts | None) -> Change:
    """A change ready to be compared; raises KeyError, TypeError, ValueError where an entry is none."""
    return Change(id, _entry(before), _entry(after))


def _entry(facts: Facts | None) -> Entry | None:
    if facts is None:
        return None
    # An entry is cached by its id and edition: the edition is what it says.
    return entry(facts, hashlib.sha256(orjson.dumps(facts, option=orjson.OPT_SORT_KEYS)).hexdigest())


def subject(candidate: Candidate) -> Subject:
    """How a person is found; without a usable name there are no keys."""
    who = _who(candidate)
    found = {key for name, _ in who.names for kind, key in keys(name, query=True) if kind in BLOCKING}
    return Subject(sorted(found), int(who.birth_date[:YEAR]) if who.birth_date else None)


@dataclass(frozen=True, slots=True)
class Affected:
    """A person and the entry by which a change of a list is about them."""

    candidate: Candidate
    kind: str
    entry_id: str
    score: float

    @property
    def order(self) -> tuple[int, float, str]:
        """The least is told."""
        return KINDS.index(self.kind), -self.score, self.entry_id


class Comparison:
    """Some changes of a list, ready to be compared with persons: as aml would screen them."""

    def __init__(self, some: Sequence[Change], config: ScoringConfig) -> None:
        self._kinds = {one.entry_id: one.kind for one in some}
        self._indexes = [
            _index(one.after for one in some if one.after is not None),
            _index(one.before for one in some if one.before is not None),
        ]
        self._config = config

    def affected(self, candidates: Iterable[Candidate]) -> dict[Key, Affected]:
        """Those whom a change is about, each by the entry that tells most."""
        found: dict[Key, Affected] = {}
        for candidate in candidates:
            who = _who(candidate)
            for hit in (hit for index in self._indexes for hit in hits(who, index, self._config)):
                one = Affected(candidate, self._kinds[hit.entry.id], hit.entry.id, hit.score)
                keep(found, one)
        return found


def keep(found: dict[Key, Affected], one: Affected) -> None:
    """Of one person only what is told."""
    known = found.get(one.candidate.person)
    if known is None or one.order < known.order:
        found[one.candidate.person] = one


def _index(entries: Iterable[Entry]) -> Index:
    return Index(Watchlist("", "", "", "", tuple(entries)))


def _who(candidate: Candidate) -> Person:
    return person(candidate.individual, candidate.person[1])
