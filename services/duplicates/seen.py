"""The persons seen so far, while a batch is worked through: those of the store and the earlier ones of the batch."""

from collections import defaultdict
from collections.abc import Iterable

from services.duplicates.store import CAP, Person
from services.duplicates.traits import Traits

# Behind all that are stored, and behind all that this batch has added.
THIS_BATCH = 1 << 62
NEVER = 1 << 63


class Seen:
    """Persons by customer and key; those of other customers are never seen."""

    def __init__(self, stored: Iterable[Person]) -> None:
        self._sharing: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        self._newest: dict[tuple[str, str], Person] = {}
        self._added: dict[tuple[str, str], Person] = {}
        self._order: dict[tuple[str, str], int] = {}
        for person in stored:
            self._take(person)

    def others(self, person: Person) -> list[tuple[str, Traits]]:
        """Whoever shares a key with this person and came before them: of two who are the same, only the later is one
        too many, however often either is looked at again."""
        groups = (self._sharing[person.customer_id, key] for key in person.keys)
        ids = {entity for group in groups if len(group) <= CAP for entity in group} - {person.entity_id}
        came = self._came(person)
        others = [self._newest[person.customer_id, entity] for entity in sorted(ids)]
        return [(other.entity_id, other.traits) for other in others if self._came(other) < came]

    def add(self, person: Person) -> None:
        """The person is known from now on, unless a newer version of them is."""
        if self._take(person):
            self._added[person.customer_id, person.entity_id] = person

    @property
    def added(self) -> list[Person]:
        """What is to be remembered, each person once."""
        return list(self._added.values())

    def _came(self, person: Person) -> int:
        """The place of a person in the order in which they first came; whoever is new comes last."""
        return self._order.get((person.customer_id, person.entity_id), NEVER)

    def _take(self, person: Person) -> bool:
        at = (person.customer_id, person.entity_id)
        if at in self._newest and self._newest[at].version > person.version:
            return False
        self._newest[at] = person
        self._order.setdefault(
            at, person.first_seen if person.first_seen is not None else THIS_BATCH + len(self._order)
        )
        for key in person.keys:
            self._sharing[person.customer_id, key].add(person.entity_id)
        return True
