"""The queue as a page."""

from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from libs.events.models import RiskLevel
from libs.staff import trail
from libs.staff.access import allowed
from libs.staff.roles import REVIEWER, ROLES, SUPERVISOR
from libs.staff.sessions import Who
from libs.web.pages import page
from services.review import queue
from services.review.console.parts import HOME
from services.review.finding import looked_for
from services.review.queue import Filters, Place
from services.review.web.parts import PartsOf, Reviewer

NAMES = {
    queue.NEW: "New",
    queue.MINE: "Mine",
    queue.SECOND: "Second person",
    queue.APPLICANT: "Waiting for the applicant",
    queue.OVERDUE: "Overdue",
    queue.OPEN: "All open",
    queue.DONE: "Done",
}
LEVELS = [("", "Any"), *((level.value, level.value.capitalize()) for level in RiskLevel)]

router = APIRouter(include_in_schema=False)


@router.get("/")
async def start(who: Annotated[Who, Depends(allowed(*ROLES))]) -> Response:
    """Where one begins: at the cases, or at the operators' console."""
    return RedirectResponse(f"/queue/{queue.NEW}" if who.may(REVIEWER, SUPERVISOR) else HOME, 303)


@router.get("/queue/{view}")
async def listed(
    request: Request,
    who: Reviewer,
    parts: PartsOf,
    view: str,
    q: Annotated[str, Query(max_length=100)] = "",
    risk: Annotated[str, Query(max_length=20)] = "",
    at: datetime | None = None,
    after: Annotated[str, Query(max_length=36)] = "",
) -> Response:
    """A page of one view."""
    if view not in queue.VIEWS:
        return RedirectResponse(f"/queue/{queue.NEW}", 303)
    now = parts.desk.clock()
    filters = Filters(risk or None, tuple(looked_for(q)))
    place = Place(at, after) if at is not None and after else None
    async with parts.desk.engine.begin() as connection:
        about, origin = {"view": view, "searched": bool(q)}, trail.origin(request)
        await trail.note(connection, now, who.username, "QUEUE_VIEWED", None, about, origin)
        found = await queue.page(connection, view, who.username, now, filters, place)
        counts = await queue.counts(connection, who.username, now)
    lines = found[: queue.PAGE]
    asked = {name: value for name, value in (("q", q), ("risk", risk)) if value}
    older = ""
    if len(found) > queue.PAGE and (last := lines[-1]).at is not None:
        older = f"/queue/{view}?{urlencode(asked | {'at': last.at.isoformat(), 'after': last.case_id})}"
    tabs = [(f"/queue/{name}", text, _bounded(counts[name])) for name, text in NAMES.items()]
    return page(
        request, "queue.html.jinja", view=view, name=NAMES[view], tabs=tabs, lines=lines, levels=LEVELS, q=q, risk=risk,
        older=older, newer=f"/queue/{view}?{urlencode(asked)}" if place else "",
    )  # fmt: skip


def _bounded(count: int) -> str:
    return f"{count:,}" if count <= queue.MOST else f"{queue.MOST:,}+"
