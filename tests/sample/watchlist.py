"""The sanctions list as plain facts: who is on it, and whose name comes near to theirs."""

import gzip
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import orjson
from rapidfuzz import fuzz, process

from libs.embedded.services import ROOT
from tests.sample.register import plain

FILE = ROOT / "services" / "aml" / "data" / "ofac_sdn.jsonl.gz"
# A name that is less alike than this, in percent, is nobody's on the list.
NEAR = 75


@dataclass(frozen=True)
class Entry:
    """A person on the list; `names` are in plain letters, the aliases among them."""

    id: str
    name: str
    names: frozenset[str]
    born: Sequence[str]
    gender: str


class Watchlist:
    """The people of the list, by id and by name."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.by_id = {entry.id: entry for entry in entries}
        self._by_name: dict[str, list[Entry]] = defaultdict(list)
        for entry in entries:
            for name in entry.names:
                self._by_name[name].append(entry)

    def near(self, name: str) -> list[Entry]:
        """Whose name is like this one, or has all of its words."""
        own, listed = plain(name), list(self._by_name)
        like = process.extract(own, listed, scorer=fuzz.ratio, score_cutoff=NEAR, limit=None)
        having = process.extract(own, listed, scorer=fuzz.token_set_ratio, score_cutoff=NEAR + 10, limit=None)
        return [entry for found, _, _ in (*like, *having) for entry in self._by_name[found]]

    def same(self, name: str) -> bool:
        """Whether somebody has this very name."""
        return plain(name) in self._by_name


def other_year(entry: Entry, born: str) -> bool:
    """The entry is of somebody born in another year, and not in one beside it."""
    return bool(entry.born) and all(abs(int(date[:4]) - int(born[:4])) > 1 for date in entry.born)


def read_watchlist() -> Watchlist:
    """The list that ships with the screening."""
    with gzip.open(FILE) as file:
        return Watchlist([_entry(line) for line in file])


def _entry(line: bytes) -> Entry:
    facts = orjson.loads(line)
    names = [facts["name"], *(alias["name"] for alias in facts.get("aliases", ()))]
    return Entry(
        facts["id"],
        facts["name"],
        frozenset(plain(name) for name in names),
        facts.get("datesOfBirth", []),
        facts.get("gender", ""),
    )
