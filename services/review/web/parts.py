"""What the pages work with, and who may look at them."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, HTTPException, Path, Request
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.blobs.port import Blobs
from libs.staff import trail
from libs.staff.access import allowed
from libs.staff.roles import REVIEWER, SUPERVISOR
from libs.staff.sessions import Who
from services.review import store
from services.review.case import Case
from services.review.desk import By, Desk
from services.review.reading import Readings


@dataclass(frozen=True, slots=True)
class Parts:
    """The desk, the store of pictures where there is one, and what they say."""

    desk: Desk
    blobs: Blobs | None
    readings: Readings


def _parts(request: Request) -> Parts:
    found: Parts = request.app.state.parts
    return found


PartsOf = Annotated[Parts, Depends(_parts)]
Reviewer = Annotated[Who, Depends(allowed(REVIEWER, SUPERVISOR))]
Supervisor = Annotated[Who, Depends(allowed(SUPERVISOR))]
CaseId = Annotated[str, Path(pattern=r"^[0-9a-f-]{36}$")]


async def shown(connection: AsyncConnection, case_id: str) -> tuple[Case, str]:
    """A case and the person's name, or the page for what is not there."""
    found = await store.find(connection, case_id)
    if found is None:
        raise HTTPException(404, "There is no such case.")
    return found


def by(request: Request, who: Who) -> By:
    """Who does something, for the record."""
    return By(who.username, trail.origin(request))
