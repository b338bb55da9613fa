"""…/entries/addEntity and removeEntity: a person is listed by each thing that tells them apart, and no more."""

from datetime import datetime

from fastapi import APIRouter, Response

from libs.events.matchlists import entry_id_of_person
from libs.events.models import Individual, MatchlistAttribute, MatchlistEntryPublished
from libs.matchlists.entity import listed_by
from services.results.api import listing, matchlist_models, models, queries
from services.results.api.caller import Caller, CallerOf
from services.results.api.execute import Named
from services.results.api.lists import ListsOf, Matchlist
from services.results.api.matchlist_models import AddEntity, RemoveEntity
from services.results.api.matchlists import ENTRIES, New
from services.results.api.parts import Parts, PartsOf
from services.results.api.problems import conflict, not_found, unfit

router = APIRouter(tags=["Matchlists"], responses=models.ERRORS | models.NOT_FOUND | models.INVALID | models.CONFLICT)


@router.post(ENTRIES + "/addEntity", summary="List a person", response_model=matchlist_models.Entries)
async def add(
    caller: CallerOf, parts: PartsOf, lists: ListsOf, matchlistName: Named, body: AddEntity, action: New = None
) -> Response:
    """By the name with the date of birth, and by each document, e-mail address and telephone, an entry each.

    Repeated, the same entries are changed, and what is new of the person is listed besides. 409 where nothing tells
    the person apart from others.
    """
    _refuse_others(body.entityType)
    of, now = listing.wanted(lists, caller, matchlistName, action), parts.clock()
    attributes = listed_by(await _person(parts, caller, body.entityId))
    if not attributes:
        raise conflict("there is no date of birth, document, e-mail address or telephone to list by", "entityId")
    entries = [_entry(of, one, body, caller, now) for one in attributes]
    _note(caller, body)
    await listing.put(parts, lists, caller, of, entries, now)
    return listing.told(caller, of, entries, now)


@router.patch(ENTRIES + "/removeEntity", summary="List a person no more", response_model=matchlist_models.Entries)
async def remove(
    caller: CallerOf, parts: PartsOf, lists: ListsOf, matchlistName: Named, body: RemoveEntity
) -> Response:
    """Deletes every entry of theirs in the list, those made before they changed among them."""
    _refuse_others(body.entityType)
    of, now = listing.known(lists, caller, matchlistName), parts.clock()
    theirs = [one for one in of.entries.values() if one.entityId == body.entityId]
    if not theirs:
        raise not_found("entry of this person", "entityId")
    changed = {"isActive": False, "updatedBy": caller.username, "updatedAt": now}
    gone = {one.entryId: one.model_copy(update=changed) for one in theirs if one.isActive}
    _note(caller, body)
    await listing.put(parts, lists, caller, of, list(gone.values()), now)
    return listing.told(caller, of, [gone.get(one.entryId, one) for one in theirs], now)


def _refuse_others(entity_type: str) -> None:
    if entity_type == "ORGANIZATION":
        raise unfit([{"loc": ("entityType",), "msg": "only persons are listed so", "type": "invalid"}])


async def _person(parts: Parts, caller: Caller, entity_id: str) -> Individual:
    async with parts.engine.connect() as reading:
        known = await queries.individual(reading, caller.customer_id, entity_id)
    if known is None:
        raise not_found("individual", "entityId")
    return Individual.model_validate(known["document"])


def _entry(
    of: Matchlist, attributes: list[MatchlistAttribute], body: AddEntity, caller: Caller, now: datetime
) -> MatchlistEntryPublished:
    at = entry_id_of_person(of.id, body.entityId, attributes)
    before = of.entries.get(at)
    return MatchlistEntryPublished(
        customerId=caller.customer_id,
        matchlistId=of.id,
        name=of.name,
        action=of.action,
        entryId=at,
        entityId=body.entityId,
        attributes=attributes,
        reasons=body.reasons,
        createdBy=before.createdBy if before else caller.username,
        createdAt=before.createdAt if before else now,
        updatedBy=caller.username,
        updatedAt=now,
    )


def _note(caller: Caller, body: AddEntity | RemoveEntity) -> None:
    caller.trail.entity_id = body.entityId
    caller.trail.reason = body.comment.text if body.comment else None
