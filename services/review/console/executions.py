"""Executions by state, status, age and step."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from libs.staff.access import StaffOf
from services.review.console.parts import HOME, ConsoleOf, Operator, shown
from services.review.console.results_api import LARGEST_PAGE, Json, ResultsApi, place_of

LIST = f"{HOME}/executions"
PAGE_SIZE = 50
RUNNING = "IN_PROGRESS"
# Of those that run, so many of the oldest are looked at to count their steps.
LOOKED_AT = 1_000
# Name: shortest and longest time since the start.
AGES: Mapping[str, tuple[timedelta | None, timedelta | None]] = {
    "under a minute": (None, timedelta(minutes=1)),
    "up to an hour": (timedelta(minutes=1), timedelta(hours=1)),
    "up to a day": (timedelta(hours=1), timedelta(days=1)),
    "up to a week": (timedelta(days=1), timedelta(days=7)),
    "older": (timedelta(days=7), None),
}
ORDERS = (("newest", "Newest first"), ("oldest", "Oldest first"))

router = APIRouter()
Text = Annotated[str, Query(max_length=200)]


@dataclass(frozen=True, slots=True)
class Filter:
    """What was chosen; a text that is empty chooses nothing."""

    state: str = ""
    status: str = ""
    workflow: str = ""
    age: str = ""
    step: str = ""
    order: str = "newest"
    page: int = 1

    def address(self, **others: Any) -> str:
        """The list with some of it chosen otherwise, from its first page unless that is chosen."""
        chosen = {name: getattr(self, name) for name in self.__slots__} | {"page": 1} | others
        kept = {name: value for name, value in chosen.items() if value not in ("", 1, "newest")}
        return f"{LIST}?{urlencode(kept)}" if kept else LIST

    def asked(self, now: datetime) -> dict[str, Any]:
        """The same in the API's words."""
        return {
            "workflowExecutionStates": RUNNING if self.step else self.state,
            "statuses": self.status,
            "workflowNames": self.workflow,
            **_times(self.age, now),
        }


@router.get(LIST)
async def executions(
    request: Request,
    who: Operator,
    console: ConsoleOf,
    staff: StaffOf,
    state: Text = "",
    status: Text = "",
    workflow: Text = "",
    age: Text = "",
    step: Text = "",
    order: Text = "newest",
    page: Annotated[int, Query(ge=1, le=500)] = 1,
) -> Response:
    """A page of them, with counts of each state, status and age, and of the steps that running ones are at."""
    chosen = Filter(state, status, workflow, age if age in AGES else "", step, order, page)
    now = staff.clock()
    found, ages, running = await asyncio.gather(
        _page(console.api, chosen, now), _ages(console.api, chosen, now), longest_running(console.api, chosen.workflow)
    )
    if chosen.step:
        here = [one for one in running if step_of(one) == chosen.step]
        begin = (page - 1) * PAGE_SIZE
        found = {**found, "executions": here[begin : begin + PAGE_SIZE], "meta": {"total": len(here)}}
    return shown(
        request,
        who,
        "executions",
        chosen=chosen,
        found=found,
        rows=[row(one) for one in found["executions"]],
        ages=ages,
        steps=by_step(running),
        looked_at=len(running),
        pages=_pages(chosen, found["meta"]["total"]),
        orders=ORDERS,
    )


async def _page(api: ResultsApi, chosen: Filter, now: datetime) -> Json:
    sort = "asc" if chosen.order == "oldest" else "desc"
    asked = {**chosen.asked(now), "sort": sort, "page": chosen.page, "limit": PAGE_SIZE}
    return await api.executions(**asked)


async def _ages(api: ResultsApi, chosen: Filter, now: datetime) -> list[tuple[str, int]]:
    """How many of each age there are among those that fit the rest of the filter."""
    asked = [{**chosen.asked(now), **_times(age, now), "limit": 1} for age in AGES]
    found = await asyncio.gather(*(api.executions(**one) for one in asked))
    return [(age, one["meta"]["total"]) for age, one in zip(AGES, found, strict=True)]


async def longest_running(api: ResultsApi, workflow: str = "") -> list[Json]:
    """Those that run, the oldest first, no more than LOOKED_AT."""
    several: list[Json] = []
    for page in range(1, LOOKED_AT // LARGEST_PAGE + 1):
        asked = {"workflowExecutionStates": RUNNING, "workflowNames": workflow, "sort": "asc", "page": page}
        found = (await api.executions(**asked, limit=LARGEST_PAGE))["executions"]
        several += found
        if len(found) < LARGEST_PAGE:
            break
    return several


def step_of(one: Json) -> str:
    """The last step that has an answer: it waits for what comes after it."""
    order: Sequence[str] = one.get("steps", {}).get("order", ())
    return order[-1] if order else "START"


def by_step(running: Sequence[Json]) -> list[tuple[str, int]]:
    """The steps that executions wait after, the most frequent first."""
    return Counter(map(step_of, running)).most_common()


def row(one: Json) -> Json:
    """An execution as the list shows it."""
    place = place_of(one)
    return {**one, "address": place and place.address, "step": step_of(one)}


def _times(age: str, now: datetime) -> dict[str, str]:
    shortest, longest = AGES.get(age, (None, None))
    asked = {"startedAtAfter": longest, "startedAtBefore": shortest}
    return {name: (now - span).isoformat() for name, span in asked.items() if span is not None}


def _pages(chosen: Filter, total: int) -> dict[str, str]:
    first = (chosen.page - 1) * PAGE_SIZE
    return {
        "newer": chosen.address(page=chosen.page - 1) if chosen.page > 1 else "",
        "older": chosen.address(page=chosen.page + 1) if first + PAGE_SIZE < total else "",
        "shown": f"{first + 1} to {min(first + PAGE_SIZE, total)} of {total}" if total else "",
    }
