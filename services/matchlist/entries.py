"""The customers' lists in memory: each entry is kept under the keys of its most telling attribute."""

from collections import Counter
from collections.abc import Iterator

from libs.events.message import Event
from libs.events.models import MatchlistEntryPublished, MatchRule
from libs.matchlists.attributes import KINDS, Person
from libs.matchlists.comparing import PHONE_DIGITS, listed_keys, own_keys
from libs.matchlists.listed import Condition, Listed, listed

Id = tuple[str, str, str]
# What leads to an entry: customer, kind, whether a slip is allowed, value.
Where = tuple[str, str, bool]

# The kinds by how few persons share a value; a date of birth without its day stands behind them all.
TELLING = (
    *("DOC_PRIMARY_IDENTIFIER", "DOC_SECONDARY_IDENTIFIER", "EMAIL_ADDRESS", "PHONE_NUMBER", "IND_DATE_OF_BIRTH"),
    *("IND_DISPLAY_NAME", "ADDR_UNSTRUCTURED_LONG_FORM", "IND_FAMILY_NAME", "IND_GIVEN_NAME", "IND_MIDDLE_NAME"),
    *("EMAIL_DOMAIN", "ADDR_STREET_NAME", "ADDR_POSTAL_CODE", "ADDR_LOCALITY", "ADDR_STREET_NUMBER"),
    *("ADDR_STREET_TYPE", "IND_NATIONALITY", "ADDR_SUBDIVISION", "DOC_TYPE", "ADDR_COUNTRY", "ENTITY_TYPE"),
)
DAY = len("YYYY-MM-DD")


class Entries:
    """The active entries of every customer's lists, as last published."""

    topic = "matchlist.entry.published"

    def __init__(self) -> None:
        self._entries: dict[Id, Listed] = {}
        # By the hash of a key: where two keys have one, an entry more is compared.
        self._under: dict[int, Listed | tuple[Listed, ...]] = {}
        self._kept: Counter[Where] = Counter()

    def __len__(self) -> int:
        return len(self._entries)

    def apply(self, event: Event) -> None:
        """Take in an entry as it is now; one that is no longer active is let go."""
        if isinstance(event.data, MatchlistEntryPublished):
            self.put(event.data)

    def put(self, entry: MatchlistEntryPublished) -> None:
        """As `apply`, without the event."""
        at = (entry.customerId, entry.matchlistId, entry.entryId)
        before = self._entries.pop(at, None)
        # Checks go on meanwhile, in another thread: at no moment is an entry missing that was and is in force.
        if (now := listed(entry)) is not None:
            self._entries[at] = now
            self._keep(now)
        if before is not None:
            self._forget(before)

    def candidates(self, customer: str, person: Person) -> list[Listed]:
        """The entries of a customer that share a key with the person; whether they match is for the rules."""
        found: set[Listed] = set()
        for kind in KINDS:
            for slips in (False, True):
                if (where := (customer, kind, slips)) in self._kept:
                    for key in _own_keys(where, person):
                        found.update(_several(self._under.get(key, ())))
        return [one for one in found if one.customer == customer]

    def _keep(self, entry: Listed) -> None:
        where, keys = _entry_keys(entry)
        self._kept[where] += 1
        for key in keys:
            before = self._under.get(key)
            self._under[key] = entry if before is None else (*_several(before), entry)

    def _forget(self, entry: Listed) -> None:
        where, keys = _entry_keys(entry)
        self._kept[where] -= 1
        if not self._kept[where]:
            del self._kept[where]
        for key in keys:
            left = tuple(one for one in _several(self._under[key]) if one is not entry)
            if left:
                self._under[key] = left if len(left) > 1 else left[0]
            else:
                del self._under[key]


def _several(kept: Listed | tuple[Listed, ...]) -> tuple[Listed, ...]:
    return (kept,) if isinstance(kept, Listed) else kept


def _entry_keys(entry: Listed) -> tuple[Where, set[int]]:
    telling = min((condition for group in entry.groups for condition in group), key=_rank)
    where = (entry.customer, telling.kind, telling.rule is MatchRule.FUZZY)
    value = KINDS[telling.kind].normalise(telling.value)
    keys = listed_keys(value) if where[2] else {_exact(telling.kind, value)}
    return where, {hash((where, key)) for key in keys}


def _rank(condition: Condition) -> tuple[bool, int]:
    vague = condition.kind == "IND_DATE_OF_BIRTH" and len(condition.value) < DAY
    return vague, TELLING.index(condition.kind)


def _own_keys(where: Where, person: Person) -> Iterator[int]:
    _, kind, slips = where
    for value in {value for own in person.of(kind) for value in own.normalised}:
        if slips:
            yield from (hash((where, key)) for key in own_keys(value))
        elif kind == "IND_DATE_OF_BIRTH":
            # A listed year or month matches every day in it.
            yield from (hash((where, key)) for key in {value, value[:7], value[:4]})
        else:
            yield hash((where, _exact(kind, value)))


def _exact(kind: str, value: str) -> str:
    return value[-PHONE_DIGITS:] if kind == "PHONE_NUMBER" else value
