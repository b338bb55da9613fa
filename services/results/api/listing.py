"""Customers' lists and their entries as the API tells and publishes them."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from fastapi import Response

from libs.events.matchlists import list_id, published
from libs.events.models import MatchlistAction, MatchlistEntryPublished
from services.results.api.caller import Caller
from services.results.api.lists import Lists, Matchlist
from services.results.api.parts import Parts
from services.results.api.problems import answer, conflict, invalid, not_found
from services.results.service import Results

AT_ONCE = 500
LONGEST_NAME = 200
INDIVIDUAL = "INDIVIDUAL"
ACTIVE, EXPIRED, DELETED = STATES = ("ACTIVE", "EXPIRED", "DELETED")


def wanted(lists: Lists, caller: Caller, name: str, action: MatchlistAction | None) -> Matchlist:
    """The list that entries go to; a new one where an action is given."""
    found = lists.named(caller.customer_id, name)
    if found is None and action is None:
        raise not_found("matchlist", "path.matchlistName")
    if found is not None and action not in (None, found.action):
        raise conflict(f"the list's action is {found.action}", "query.action")
    if len(name) > LONGEST_NAME or not name.strip():
        raise invalid(f"is empty or longer than {LONGEST_NAME} characters", "path.matchlistName")
    return found or Matchlist(list_id(caller.customer_id, name), name, action or MatchlistAction.NONE)


def known(lists: Lists, caller: Caller, name: str) -> Matchlist:
    found = lists.named(caller.customer_id, name)
    if found is None:
        raise not_found("matchlist", "path.matchlistName")
    return found


async def put(
    parts: Parts, lists: Lists, caller: Caller, of: Matchlist, entries: Sequence[MatchlistEntryPublished], now: datetime
) -> None:
    """Have entries be so from now on: what is read after this shows it."""
    _leave_trail(caller, of, entries)
    await _publish(parts, lists, entries, now)


def _leave_trail(caller: Caller, of: Matchlist, entries: Sequence[MatchlistEntryPublished]) -> None:
    """What the entries were and are, without whom they are about."""
    former = [of.entries[one.entryId] for one in entries if one.entryId in of.entries]
    about = {"matchlistId": of.id, "name": of.name}
    caller.trail.before = {**about, "entries": [_kept(one) for one in former]}
    caller.trail.after = {**about, "entries": [_kept(one) for one in entries]}


def _kept(entry: MatchlistEntryPublished) -> dict[str, Any]:
    return entry.model_dump(include={"entryId", "reasons", "validTo", "batchName", "isActive"}, exclude_none=True)


async def _publish(parts: Parts, lists: Lists, entries: Sequence[MatchlistEntryPublished], now: datetime) -> None:
    """Returns once they are with the broker, and read back."""
    events = [published(entry, Results.group, now) for entry in entries]
    for at in range(0, len(events), AT_ONCE):
        await asyncio.gather(*(parts.publisher.publish(event) for event in events[at : at + AT_ONCE]))
    await lists.read_on()


def told(
    caller: Caller,
    of: Matchlist,
    entries: Sequence[MatchlistEntryPublished],
    now: datetime,
    meta: dict[str, int] | None = None,
) -> Response:
    told = {"matchlist": of_list(of), "entries": [view(entry, now) for entry in entries]}
    return answer(200, {"requestId": caller.request_id, **told, **({"meta": meta} if meta else {})})


def of_list(one: Matchlist) -> dict[str, str]:
    return {"matchlistId": one.id, "name": one.name, "action": one.action.value, "state": ACTIVE}


def view(entry: MatchlistEntryPublished, now: datetime) -> dict[str, Any]:
    attributes = [one.model_dump(exclude_none=True) for one in entry.attributes]
    fields = {"entryId", "reference", "reasons", "validTo", "batchName", "createdBy", "createdAt", "updatedBy"}
    shown = entry.model_dump(include=fields | {"updatedAt", "entityId"}, exclude_none=True)
    if entry.entityId is not None:
        shown["entityType"] = INDIVIDUAL
    return {**shown, "attributes": attributes, "state": state(entry, now)}


def state(entry: MatchlistEntryPublished, now: datetime) -> str:
    if not entry.isActive:
        return DELETED
    return EXPIRED if is_past(entry.validTo, now.date()) else ACTIVE


def is_past(valid_to: str | None, today: date) -> bool:
    """One that cannot be read is not, as in the check."""
    try:
        return valid_to is not None and date.fromisoformat(valid_to[:10]) < today
    except ValueError:
        return False
