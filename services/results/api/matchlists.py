"""/v2/matchlists: a customer's lists and their entries; what is changed is published, and is in force from then on."""

from datetime import date, datetime, timedelta
from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Query, Response

from libs.events.matchlists import entry_id
from libs.events.models import MatchlistAction, MatchlistAttribute, MatchlistEntryPublished
from services.results.api import listing, matchlist_models, models
from services.results.api.caller import Caller, CallerOf
from services.results.api.execute import Named
from services.results.api.listing import ACTIVE, DELETED, EXPIRED, STATES, is_past
from services.results.api.lists import ListsOf, Matchlist
from services.results.api.matchlist_models import CreateEntries, CreateEntry, UpdateEntry
from services.results.api.paging import Limit, Many, Page
from services.results.api.paging import listed as chosen
from services.results.api.parts import PartsOf
from services.results.api.problems import answer, not_found

ALL = "/v2/matchlists"
ENTRIES = ALL + "/{matchlistName}/entries"
ONE = ENTRIES + "/{entryId}"

router = APIRouter(tags=["Matchlists"], responses=models.ERRORS | models.NOT_FOUND | models.INVALID | models.CONFLICT)

New = Annotated[MatchlistAction | None, Query(description="Of the list; needed with its first entries.")]


@router.get(ALL, summary="The customer's lists", response_model=matchlist_models.Matchlists)
async def matchlists(caller: CallerOf, lists: ListsOf) -> Response:
    """By name."""
    told = [listing.of_list(one) for one in lists.of(caller.customer_id)]
    return answer(200, {"requestId": caller.request_id, "matchlists": told})


@router.post(ENTRIES, summary="List entries", response_model=matchlist_models.Entries)
async def create(
    caller: CallerOf, parts: PartsOf, lists: ListsOf, matchlistName: Named, body: CreateEntries, action: New = None
) -> Response:
    """An entry that is there already is changed, one that was deleted or has expired is listed again."""
    of = listing.wanted(lists, caller, matchlistName, action)
    now = parts.clock()
    entries = [_created(of, one, body.batchName, caller, now) for one in body.entries]
    await listing.put(parts, lists, caller, of, entries, now)
    return listing.told(caller, of, entries, now)


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
    of, now = listing.known(lists, caller, matchlistName), parts.clock()
    wanted = chosen(states, "states", STATES) or [ACTIVE, EXPIRED]
    found = [entry for entry in of.entries.values() if listing.state(entry, now) in wanted]
    some = list(islice(found, (page - 1) * limit, page * limit))
    return listing.told(caller, of, some, now, {"total": len(found), "page": page, "limit": limit, "count": len(some)})


@router.get(ONE, summary="An entry of a list", response_model=matchlist_models.Entries)
async def entry(caller: CallerOf, parts: PartsOf, lists: ListsOf, matchlistName: Named, entryId: Named) -> Response:
    """Also where it has expired or was deleted."""
    of = listing.known(lists, caller, matchlistName)
    return listing.told(caller, of, [_entry(of, entryId)], parts.clock())


@router.patch(ONE, summary="Change an entry, or delete it", response_model=matchlist_models.Entries)
async def update(
    caller: CallerOf, parts: PartsOf, lists: ListsOf, matchlistName: Named, entryId: Named, body: UpdateEntry
) -> Response:
    """DELETED and EXPIRED: it matches nobody any more; ACTIVE: it does again."""
    of, now = listing.known(lists, caller, matchlistName), parts.clock()
    changed = _updated(_entry(of, entryId), body, now.date())
    changed = changed.model_copy(update={"updatedBy": caller.username, "updatedAt": now})
    await listing.put(parts, lists, caller, of, [changed], now)
    return listing.told(caller, of, [changed], now)


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
        entityId=given.entityId,
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
    given = body.model_dump(exclude_unset=True, include={"reference"})
    if "reasons" in body.model_fields_set:
        given["reasons"] = body.reasons or []
    if body.validTo is not None:
        given["validTo"] = body.validTo.isoformat()
    if body.state == EXPIRED:
        given["validTo"] = (today - timedelta(days=1)).isoformat()
    elif body.state == ACTIVE and body.validTo is None and is_past(entry.validTo, today):
        given["validTo"] = None
    if body.state is not None:
        given["isActive"] = body.state != DELETED
    return entry.model_copy(update=given)
