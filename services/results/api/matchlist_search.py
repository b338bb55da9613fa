"""POST /v2/search/matchlists: entries in force by what they match on."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from fastapi import APIRouter, Response

from libs.events.models import MatchlistEntryPublished
from libs.matchlists.comparing import SAME
from libs.matchlists.searching import Met, Search, normalised
from services.results.api import listing, matchlist_models, models
from services.results.api.caller import CallerOf
from services.results.api.lists import Lists, ListsOf, Matchlist
from services.results.api.matchlist_models import MatchlistCriteria, MatchlistFilter, SearchMatchlists
from services.results.api.paging import Limit
from services.results.api.parts import PartsOf
from services.results.api.problems import answer, unfit

router = APIRouter(tags=["Search"], responses=models.ERRORS | models.INVALID)


class Hit(NamedTuple):
    """An entry that is found, in its list, and what of it."""

    of: Matchlist
    entry: MatchlistEntryPublished
    met: list[Met]

    @property
    def confidence(self) -> float:
        """0 to 1."""
        return round(sum(one.strength for one in self.met) / SAME / len(self.met), 3)


@router.post("/v2/search/matchlists", summary="Search lists", response_model=matchlist_models.Matches)
async def search(
    caller: CallerOf, parts: PartsOf, lists: ListsOf, body: SearchMatchlists, limit: Limit = 100
) -> Response:
    """Entries in force that meet every attribute, the nearest first, `limit` at most.

    Attributes are compared as the check compares those of persons.
    """
    among, wanted = _among(lists, caller.customer_id, body.filter), _wanted(body.search)
    # Comparing with very many entries keeps nobody else waiting.
    hits = await asyncio.to_thread(_hits, among, wanted, parts.clock())
    told = {
        "matchlists": {hit.of.id: _list(hit.of) for hit in hits[:limit]},
        "entries": [_told(hit, parts.clock()) for hit in hits[:limit]],
        "meta": {"total": len(hits), "limit": limit, "count": len(hits[:limit])},
    }
    return answer(200, {"requestId": caller.request_id, **told})


def _among(lists: Lists, customer: str, scope: MatchlistFilter) -> list[Matchlist]:
    everything = list(lists.of(customer))
    if scope.listScope != "CUSTOM":
        return everything
    if not scope.searchLists:
        raise unfit([{"loc": ("filter", "searchLists"), "msg": "is missing: CUSTOM names lists", "type": "missing"}])
    known = {one.id: one for one in everything}
    for number, id in enumerate(scope.searchLists):
        if str(id) not in known:
            raise unfit([{"loc": ("filter", "searchLists", number), "msg": "is no list's id", "type": "invalid"}])
    return [known[str(id)] for id in dict.fromkeys(scope.searchLists)]


def _wanted(criteria: MatchlistCriteria) -> Search:
    for number, one in enumerate(criteria.attributes):
        if not normalised(one.type, one.value):
            at = ("search", "attributes", number, "value")
            raise unfit([{"loc": at, "msg": f"says nothing of a {one.type}", "type": "invalid"}])
    fuzzy = None if criteria.type is None else criteria.type == "FUZZY"
    return Search(((one.type, one.value) for one in criteria.attributes), fuzzy)


def _hits(among: Sequence[Matchlist], wanted: Search, now: datetime) -> list[Hit]:
    hits = [
        Hit(of, entry, met)
        for of in among
        for entry in list(of.entries.values())
        if listing.state(entry, now) == listing.ACTIVE and (met := wanted.met_by(entry.attributes)) is not None
    ]
    return sorted(hits, key=lambda hit: (-hit.confidence, hit.of.name, hit.entry.entryId))


def _list(of: Matchlist) -> dict[str, str]:
    return {"matchlistId": of.id, "name": of.name, "action": of.action.value}


def _told(hit: Hit, now: datetime) -> dict[str, Any]:
    names = matchlist_models.EntryBase.model_fields
    return {
        "matchlistId": hit.of.id,
        "entry": {name: value for name, value in listing.view(hit.entry, now).items() if name in names},
        "attributes": [
            {"attribute": met.attribute.model_dump(exclude_none=True), "confidence": met.strength / SAME}
            for met in hit.met
        ],
        "confidence": hit.confidence,
    }
