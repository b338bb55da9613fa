"""The customers' lists in memory: each entry is kept under one key, that of its most telling attribute."""

from collections import defaultdict
from collections.abc import Iterator

from libs.events.message import Event
from libs.events.models import Individual, MatchlistEntryPublished
from services.matchlist.attributes import KINDS, parts, values
from services.matchlist.comparing import PHONE_DIGITS, deletions

Entry = MatchlistEntryPublished
Key = tuple[str, str, str]

# The kinds by how few persons share a value; an entry is kept under the first that it has.
TELLING = tuple(KINDS)


class Entries:
    """The active entries of every customer's lists, as last published."""

    topic = "matchlist.entry.published"

    def __init__(self) -> None:
        self._entries: dict[tuple[str, str, str], Entry] = {}
        self._under: defaultdict[Key, set[tuple[str, str, str]]] = defaultdict(set)

    def __len__(self) -> int:
        return len(self._entries)

    def apply(self, event: Event) -> None:
        """Take in an entry as it is now; one that is no longer active is let go."""
        if isinstance(event.data, Entry):
            self.put(event.data)

    def put(self, entry: Entry) -> None:
        """As `apply`, without the event."""
        at = (entry.customerId, entry.matchlistId, entry.entryId)
        if (before := self._entries.pop(at, None)) is not None:
            self._forget(before, at)
        if entry.isActive:
            self._entries[at] = entry
            for key in _entry_keys(entry):
                self._under[key].add(at)

    def candidates(self, customer: str, individual: Individual) -> list[Entry]:
        """The entries of a customer that share a key with the person; whether they match is for the rules."""
        found = {at for key in _person_keys(customer, individual) for at in self._under.get(key, ())}
        return [self._entries[at] for at in sorted(found)]

    def _forget(self, entry: Entry, at: tuple[str, str, str]) -> None:
        for key in _entry_keys(entry):
            self._under[key].discard(at)
            if not self._under[key]:
                del self._under[key]


def _entry_keys(entry: Entry) -> Iterator[Key]:
    """The keys of an entry; none where it has no attributes or one that no person has."""
    if not entry.attributes or any(attribute.type not in KINDS for attribute in entry.attributes):
        return
    telling = min(entry.attributes, key=lambda attribute: TELLING.index(attribute.type))
    kind = KINDS[telling.type]
    value = kind.normalise(telling.value)
    if value:
        yield from ((entry.customerId, telling.type, key) for key in _listed_keys(telling.type, value))


def _listed_keys(kind: str, value: str) -> set[str]:
    if KINDS[kind].fuzzy:
        # The longest part of a name is the most telling; every part of it must match in any case.
        return deletions(max(value.split(), key=len))
    return {_exact(kind, value)}


def _person_keys(customer: str, individual: Individual) -> Iterator[Key]:
    for name, kind in KINDS.items():
        for part in parts(individual, kind.part):
            for value in values(kind, part):
                yield from ((customer, name, key) for key in _own_keys(name, value))


def _own_keys(kind: str, value: str) -> set[str]:
    if KINDS[kind].fuzzy:
        return {key for part in value.split() for key in deletions(part)}
    if kind == "IND_DATE_OF_BIRTH":
        # A listed year or month matches every day in it.
        return {value, value[:7], value[:4]}
    return {_exact(kind, value)}


def _exact(kind: str, value: str) -> str:
    return value[-PHONE_DIGITS:] if kind == "PHONE_NUMBER" else value
