"""Customers' lists on their topic: the ids of lists and entries, and an entry as an event."""

from collections.abc import Iterable
from datetime import datetime

from libs.events.message import Event, derived_id
from libs.events.models import MatchlistAttribute, MatchlistEntryPublished

TOPIC = "matchlist.entry.published"


def list_id(customer: str, name: str) -> str:
    """The id of a customer's list of this name."""
    return derived_id(customer, "matchlist", name)


def entry_id(of_list: str, reference: str | None, attributes: Iterable[MatchlistAttribute]) -> str:
    """The id of an entry: of its reference, or else of all that it matches on, so that a repeat is the same entry."""
    if reference:
        return derived_id(of_list, "reference", reference)
    return derived_id(of_list, "attributes", *sorted(f"{one.type}={one.value}={one.rule or ''}" for one in attributes))


def entry_id_of_person(of_list: str, entity: str, attributes: Iterable[MatchlistAttribute]) -> str:
    """The id of an entry made of a person: theirs alone, though another's may match on the same."""
    return derived_id(of_list, "entity", entity, *sorted(f"{one.type}={one.value}" for one in attributes))


def published(entry: MatchlistEntryPublished, source: str, now: datetime) -> Event:
    """The entry as it is from now on."""
    key = f"{entry.customerId}:{entry.matchlistId}:{entry.entryId}"
    return Event(derived_id(key, now.isoformat(), int(entry.isActive)), TOPIC, source, now, key, entry)
