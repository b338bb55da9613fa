"""The page by which staff change their own password."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from libs.staff import trail, trying, users
from libs.staff.access import LOG_IN, StaffOf, allowed
from libs.staff.passwords import LEAST, TooWeak, require_strength
from libs.staff.roles import ROLES
from libs.staff.sessions import Who
from libs.web import flash
from libs.web.pages import page

PATH = "/password"
PASSWORD_CHANGED = "PASSWORD_CHANGED"

router = APIRouter(include_in_schema=False)
Anybody = Annotated[Who, Depends(allowed(*ROLES))]
Typed = Annotated[str, Form(max_length=1000)]


@router.get(PATH)
async def form(request: Request, who: Anybody) -> Response:
    """What one has now, and what one wants."""
    return _form(request, [])


@router.post(PATH)
async def change(
    request: Request, who: Anybody, staff: StaffOf, current: Typed = "", new: Typed = "", again: Typed = ""
) -> Response:
    """Every session of theirs ends with the change, this one too."""
    now = staff.clock()
    if (problem := _unfit(who, new, again)) is not None:
        return _form(request, [problem])
    async with staff.engine.begin() as connection:
        before = await trying.begin(connection, who.username, now)
        row = await users.find(connection, who.username)
    if row is None or row["password_hash"] is None:
        raise HTTPException(409, "You log in with another account: its password is changed there.")
    if (wait := before.locked(now)) is not None:
        return _form(request, [("current", f"There were too many tries. Try again in {trying.told(wait)}.")], 429)
    if not await staff.passwords.fits(current, row["password_hash"]):
        await trying.failed(staff, request, who.username, before.another(now))
        return _form(request, [("current", "This is not your password.")])
    hashed = await staff.passwords.hash(new)
    async with staff.engine.begin() as connection:
        await trying.succeeded(connection, who.username)
        await users.change(connection, who.username, password_hash=hashed)
        await trail.note(connection, now, who.username, PASSWORD_CHANGED, origin=trail.origin(request))
    response = RedirectResponse(LOG_IN, 303)
    flash.tell(request, response, "good", "Your password was changed. Log in with the new one.")
    return response


def _unfit(who: Who, new: str, again: str) -> tuple[str, str] | None:
    """The field that is wrong, and why."""
    try:
        require_strength(new, who.username)
    except TooWeak as weak:
        text = str(weak)
        return "new", f"{text[:1].upper()}{text[1:]}."
    return None if new == again else ("again", "This is not the same as the new password.")


def _form(request: Request, problems: list[tuple[str, str]], status: int = 422) -> Response:
    wrong = dict(problems)
    values = {"problems": problems, "wrong": wrong, "least": LEAST}
    return page(request, "password.html.jinja", status if problems else 200, **values)
