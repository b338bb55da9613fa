"""The trail of what staff have done."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from libs.staff import trail
from libs.staff.access import StaffOf
from services.review.console.parts import HOME, Admin, shown

PAGE_SIZE = 100

router = APIRouter()


@router.get(f"{HOME}/trail")
async def of_staff(
    request: Request,
    who: Admin,
    staff: StaffOf,
    user: Annotated[str, Query(max_length=200)] = "",
    before: Annotated[int | None, Query()] = None,
) -> Response:
    """The newest first, of everybody or of one."""
    async with staff.engine.connect() as connection:
        rows = await trail.read(connection, username=user or None, before=before, at_most=PAGE_SIZE)
    older = rows[-1]["number"] if len(rows) == PAGE_SIZE else None
    return shown(request, who, "trail", rows=rows, user=user, older=older)
