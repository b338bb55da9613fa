"""What groups hold back: executions whose event could not be applied, and what waits behind each."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.exc import SQLAlchemyError

from libs.store import held
from libs.store.held import Held
from libs.web import flash
from libs.web.pages import page
from services.review.console.parts import HOME, RELEASED, Console, ConsoleOf, Operator, noted, shown, told_of

LIST = f"{HOME}/held"

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing that is held back: why, since when, and how many events of it."""

    group: str
    name: str
    error: str
    since: datetime
    events: int
    released: bool


@router.get(LIST)
async def all_held(request: Request, who: Operator, console: ConsoleOf) -> Response:
    """By group; of which the database is not configured cannot be looked at."""
    subjects, silent = await held_back(console)
    return shown(request, who, "held", subjects=subjects, silent=silent, looked_at=sorted(console.databases))


@router.get(LIST + "/{group}")
async def one(
    request: Request, who: Operator, console: ConsoleOf, group: str, subject: Annotated[str, Query(max_length=500)]
) -> Response:
    """The events of one subject, in the order in which they are applied."""
    events = await _events(console, group, subject)
    releases = await told_of(request, [RELEASED], f"{group}/{subject}")
    return shown(request, who, "held_one", group=group, subject=subject, events=events, releases=releases)


@router.get(LIST + "/{group}/release")
async def ask(
    request: Request, who: Operator, console: ConsoleOf, group: str, subject: Annotated[str, Query(max_length=500)]
) -> Response:
    """Ask before it goes on."""
    events = await _events(console, group, subject)
    values: dict[str, Any] = {
        "heading": "Release from quarantine",
        "question": f"Let {group} apply these events again, in their order? Do so once the cause is gone: what fails "
        "again is held back again.",
        "action": f"{LIST}/{group}/release",
        "verb": "Release",
        "back": LIST,
        "facts": [["Group", group], ["Held back", subject], ["Events", len(events)]],
        "hidden": {"subject": subject},
    }
    return page(request, "confirm.html.jinja", who=who, **values)


@router.post(LIST + "/{group}/release")
async def release(
    request: Request, who: Operator, console: ConsoleOf, group: str, subject: Annotated[str, Form(max_length=500)]
) -> Response:
    """Put it on record, then let it go on."""
    await _events(console, group, subject)
    await noted(request, who, RELEASED, f"{group}/{subject}")
    async with console.databases[group].begin() as connection:
        count = await held.release(connection, group, subject)
    response = RedirectResponse(LIST, 303)
    flash.tell(request, response, "good", f"{count} {'event goes' if count == 1 else 'events go'} on in {group}.")
    return response


async def held_back(console: Console) -> tuple[list[Subject], list[str]]:
    """Every subject that is held back, and the groups that could not be asked."""
    found: list[Subject] = []
    silent = []
    for group, engine in sorted(console.databases.items()):
        try:
            async with engine.connect() as connection:
                found += subjects_of(group, await held.listed(connection, group))
        except (SQLAlchemyError, OSError):
            silent.append(group)
    return found, silent


def subjects_of(group: str, events: list[Held]) -> list[Subject]:
    """The events of a group by what they belong to, in the order in which each was held back."""
    by_name: dict[str, list[Held]] = {}
    for event in events:
        by_name.setdefault(event.subject, []).append(event)
    return [
        Subject(
            group,
            name,
            next((one.error for one in several if one.error), ""),
            several[0].held_at,
            len(several),
            any(one.released for one in several),
        )
        for name, several in by_name.items()
    ]


async def _events(console: Console, group: str, subject: str) -> list[Held]:
    if group not in console.databases:
        raise HTTPException(404, "The database of this group is not configured.")
    async with console.databases[group].connect() as connection:
        events = [one for one in await held.listed(connection, group) if one.subject == subject]
    if not events:
        raise HTTPException(404, "Nothing is held back by this name; it may have gone on.")
    return events
