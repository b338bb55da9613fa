"""An entry of a customer's list, made ready to be compared."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from libs.events.models import MatchlistAction, MatchlistEntryPublished, MatchRule
from libs.matchlists.attributes import KINDS, Person, Texts
from libs.matchlists.comparing import SAME, UNLIKE, alike, same


class Condition(NamedTuple):
    """One attribute: `value` is as given for EXACT, normalised for the other rules."""

    kind: str
    rule: MatchRule
    value: str

    def strength(self, own: Texts) -> int:
        """How strongly one name, address, document, … meets it, 0 to 100."""
        if self.rule is MatchRule.EXACT:
            return SAME if self.value in own.given else UNLIKE
        if self.rule is MatchRule.FUZZY:
            return max((alike(self.value, value) for value in own.normalised), default=UNLIKE)
        return max((same(self.kind, self.value, value) for value in own.normalised), default=UNLIKE)


@dataclass(frozen=True, slots=True, eq=False)
class Listed:
    """An active entry; the conditions of one group must be met by one and the same name, address, document, …"""

    customer: str
    matchlist: str
    name: str
    action: MatchlistAction
    entry: str
    reference: str | None
    last_day: date | None
    groups: tuple[tuple[Condition, ...], ...]

    def strengths(self, person: Person, today: date) -> dict[str, int] | None:
        """How strongly the person meets each condition; None where not all are met, or it is no longer in force."""
        if self.last_day is not None and self.last_day < today:
            return None
        found: dict[str, int] = {}
        for group in self.groups:
            met = _met(group, person)
            if met is None:
                return None
            found |= met
        return found


def _met(group: tuple[Condition, ...], person: Person) -> dict[str, int] | None:
    for several in zip(*(person.of(condition.kind) for condition in group), strict=True):
        strengths = [condition.strength(own) for condition, own in zip(group, several, strict=True)]
        if all(strengths):
            return {condition.kind: strength for condition, strength in zip(group, strengths, strict=True)}
    return None


def listed(entry: MatchlistEntryPublished) -> Listed | None:
    """The entry; None where it can match nobody: no longer active, nothing to match on, or what no person has."""
    conditions = [_condition(one.type, one.value, one.rule) for one in entry.attributes]
    if not entry.isActive or not conditions or None in conditions:
        return None
    return Listed(
        entry.customerId,
        entry.matchlistId,
        entry.name,
        entry.action,
        entry.entryId,
        entry.reference,
        _last_day(entry.validTo),
        _grouped(condition for condition in conditions if condition),
    )


def _condition(kind: str, value: str, rule: MatchRule | None) -> Condition | None:
    if kind not in KINDS:
        return None
    normalised = KINDS[kind].normalise(value)
    rule = rule or KINDS[kind].rule
    return Condition(kind, rule, value.strip() if rule is MatchRule.EXACT else normalised) if normalised else None


def _grouped(conditions: Iterable[Condition]) -> tuple[tuple[Condition, ...], ...]:
    groups: dict[str, tuple[Condition, ...]] = {}
    for condition in conditions:
        part = KINDS[condition.kind].part
        groups[part] = (*groups.get(part, ()), condition)
    return tuple(groups.values())


def _last_day(valid_to: str | None) -> date | None:
    """The last day, by UTC, on which an entry matches; one that cannot be read keeps it in force."""
    try:
        return date.fromisoformat(valid_to[:10]) if valid_to else None
    except ValueError:
        return None
