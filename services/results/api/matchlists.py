"""/v2/matchlists: a customer's lists and their entries; what is changed is published, and is in force from then on."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from libs.events.matchlists import entry_id, list_id, published
from libs.events.models import MatchlistAction, MatchlistAttribute, MatchlistEntryPublished
from services.results.api import matchlist_models, models
from services.results.api.caller import Caller, CallerOf
from services.results.api.execute import Named
from services.results.api.lists import Lists, ListsOf, Matchlist
from services.results.api.matchlist_models import CreateEntries, CreateEntry, UpdateEntry
from services.results.api.paging import Limit, Many, Page
from services.results.api.paging import listed as chosen
from services.results.api.parts import Parts, PartsOf
from services.results.api.problems import answer, conflict, invalid, not_found
from services.results.service import Results

ALL = "/v2/matchlists"
ENTRIES = ALL + "/{matchlistName}/entries"
ONE = ENTRIES + "/{entryId}"
AT_ONCE = 500
LONGEST_NAME = 200
ACTIVE, EXPIRED, DELETED = STATES = ("ACTIVE", "EXPIRED", "DELETED")

router = APIRouter(tags=["Matchlists"], responses=models.ERRORS | models.NOT_FOUND | models.INVALID | models.CONFLICT)

New = Annotated[MatchlistAction | None, Query(description="Of the list; needed with its first entries.")]


@router.get(ALL, summary="The customer's lists", response_model=matchlist_models.Matchlists)
async def matchlists(caller: CallerOf, lists: ListsOf) -> Response:
    """By name."""
    told = [_list(one) for one in lists.of(caller.customer_id)]
    return answer(200, {"requestId": caller.request_id, "matchlists": told})


@router.post(ENTRIES, summary="List entries", response_model=matchlist_models.Entries)
async def create(
    caller: CallerOf, parts: PartsOf, lists: ListsOf, matchlistName: Named, body: CreateEntries, action: New = None
) -> Response:
    """An entry that is there already is changed, one that was deleted or has expired is listed again."""
    of = _for_entries(lists, caller, matchlistName, action)
    now = parts.clock()
    entries = [_created(of, one, body.batchName, caller, now) for one in body.entries]
    _trail(caller, of, entries)
    await _publish(parts, lists, entries, now)
    return _told(caller, of, entries, now)


@router.get(ENTRIES, summary="The entries of a list", response_model=matchlist_models.Entries)
async def entries(
    caller: CallerOf,
    parts: PartsOf,
    lists: ListsOf,
    matchlistName: Named,
    states: Many = None,
    page: Page = 1,
    limit: Limit = 20,
) -> Response:
    """In the order in which they were first listed; without `states` those that were not deleted."""
    of, now = _found(lists, caller, matchlistName), parts.clock()
    wanted = chosen(states, "states", STATES) or [ACTIVE, EXPIRED]
    found = [entry for entry in of.entries.values() if _state(entry, now) in wanted]
    some = list(islice(found, (page - 1) * limit, page * limit))
    return _told(caller, of, some, now, {"total": len(found), "page": page, "limit": limit, "count": len(some)})


@router.get(ONE, summary="An entry of a list", response_model=matchlist_models.Entries)
async def entry(caller: CallerOf, parts: PartsOf, lists: ListsOf, matchlistName: Named, entryId: Named) -> Response:
    """Also where it has expired or was deleted."""
    of = _found(lists, caller, matchlistName)
    return _told(caller, of, [_entry(of, entryId)], parts.clock())


@router.patch(ONE, summary="Change an entry, or delete it", response_model=matchlist_models.Entries)
async def update(
    caller: CallerOf, parts: PartsOf, lists: ListsOf, matchlistName: Named, entryId: Named, body: UpdateEntry
) -> Response:
    """DELETED and EXPIRED: it matches nobody any more; ACTIVE: it does again."""
    of, now = _found(lists, caller, matchlistName), parts.clock()
    changed = _updated(_entry(of, entryId), body, now.date())
    changed = changed.model_copy(update={"updatedBy": caller.username, "updatedAt": now})
    _trail(caller, of, [changed])
    await _publish(parts, lists, [changed], now)
    return _told(caller, of, [changed], now)


def _for_entries(lists: Lists, caller: Caller, name: str, action: MatchlistAction | None) -> Matchlist:
    """The list that entries go to; a new one where an action is given."""
    found = lists.named(caller.customer_id, name)
    if found is None and action is None:
        raise not_found("matchlist", "path.matchlistName")
    if found is not None and action not in (None, found.action):
        raise conflict(f"the list's action is {found.action}", "query.action")
    if len(name) > LONGEST_NAME or not name.strip():
        raise invalid(f"is empty or longer than {LONGEST_NAME} characters", "path.matchlistName")
    return found or Matchlist(list_id(caller.customer_id, name), name, action or MatchlistAction.NONE)


def _found(lists: Lists, caller: Caller, name: str) -> Matchlist:
    found = lists.named(caller.customer_id, name)
    if found is None:
        raise not_found("matchlist", "path.matchlistName")
    return found


def _entry(of: Matchlist, entry: str) -> MatchlistEntryPublished:
    if entry not in of.entries:
        raise not_found("entry", "path.entryId")
    return of.entries[entry]


def _created(
    of: Matchlist, given: CreateEntry, batch: str | None, caller: Caller, now: datetime
) -> MatchlistEntryPublished:
    attributes = [MatchlistAttribute(type=one.type, value=one.value, rule=one.rule) for one in given.attributes]
    at = entry_id(of.id, given.reference, attributes)
    before = of.entries.get(at)
    return MatchlistEntryPublished(
        customerId=caller.customer_id,
        matchlistId=of.id,
        name=of.name,
        action=of.action,
        entryId=at,
        reference=given.reference,
        attributes=attributes,
        reasons=given.reasons,
        validTo=given.validTo.isoformat() if given.validTo else None,
        batchName=batch,
        createdBy=before.createdBy if before else caller.username,
        createdAt=before.createdAt if before else now,
        updatedBy=caller.username,
        updatedAt=now,
    )


def _updated(entry: MatchlistEntryPublished, body: UpdateEntry, today: date) -> MatchlistEntryPublished:
    given = body.model_dump(exclude_unset=True, include={"reference", "reasons"})
    if body.validTo is not None:
        given["validTo"] = body.validTo.isoformat()
    if body.state == EXPIRED:
        given["validTo"] = (today - timedelta(days=1)).isoformat()
    elif body.state == ACTIVE and body.validTo is None and _is_past(entry.validTo, today):
        given["validTo"] = None
    if body.state is not None:
        given["isActive"] = body.state != DELETED
    return entry.model_copy(update=given)


def _trail(caller: Caller, of: Matchlist, entries: Sequence[MatchlistEntryPublished]) -> None:
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


def _told(
    caller: Caller,
    of: Matchlist,
    entries: Sequence[MatchlistEntryPublished],
    now: datetime,
    meta: dict[str, int] | None = None,
) -> Response:
    told = {"matchlist": _list(of), "entries": [_view(entry, now) for entry in entries]}
    return answer(200, {"requestId": caller.request_id, **told, **({"meta": meta} if meta else {})})


def _list(one: Matchlist) -> dict[str, str]:
    return {"matchlistId": one.id, "name": one.name, "action": one.action.value, "state": ACTIVE}


def _view(entry: MatchlistEntryPublished, now: datetime) -> dict[str, Any]:
    attributes = [one.model_dump(exclude_none=True) for one in entry.attributes]
    fields = {"entryId", "reference", "reasons", "validTo", "batchName", "createdBy", "createdAt", "updatedBy"}
    shown = entry.model_dump(include=fields | {"updatedAt"}, exclude_none=True)
    return {**shown, "attributes": attributes, "state": _state(entry, now)}


def _state(entry: MatchlistEntryPublished, now: datetime) -> str:
    if not entry.isActive:
        return DELETED
    return EXPIRED if _is_past(entry.validTo, now.date()) else ACTIVE


def _is_past(valid_to: str | None, today: date) -> bool:
    """One that cannot be read is not, as in the check."""
    try:
        return valid_to is not None and date.fromisoformat(valid_to[:10]) < today
    except ValueError:
        return False
