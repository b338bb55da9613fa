"""The pages by which staff log in and out."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import update

from libs.staff import sessions, trail, trying, users
from libs.staff.access import COOKIE, LOG_IN, Staff, StaffOf, current
from libs.staff.oidc import Identity, NotIdentified, Provider
from libs.staff.tables import users as users_table
from libs.staff.users import normal
from libs.web import flash
from libs.web.failures import failure
from libs.web.pages import page
from libs.web.signing import cookie, delete_cookie, set_cookie

WRONG = "No user has this name and this password."
LOCKED = "There were too many tries with this name. It can be tried again in {wait}."
ELSEWHERE = "The log-in at {label} did not come to an end. Try again, or ask who runs it."
NO_ROLE = "You are known, but nobody has given you a part in this. Ask who runs it."
TAKEN = "Another user has this name already. Ask who runs it."
CALLBACK = "/login/oidc/callback"

router = APIRouter(include_in_schema=False)
Typed = Annotated[str, Form(max_length=1000)]


@router.get(LOG_IN)
async def log_in_page(request: Request, staff: StaffOf, next: str = "/") -> Response:
    """The form; whoever is logged in already goes where they wanted."""
    if current(request) is not None:
        return RedirectResponse(inside(next), 303)
    return _form(request, staff, next)


@router.post(LOG_IN)
async def log_in(
    request: Request, staff: StaffOf, username: Typed = "", password: Typed = "", next: Typed = "/"
) -> Response:
    """Every try counts as a failure until it turns out to be none, so that many at once are counted, too."""
    if not staff.settings.staff_passwords:
        return failure(request, 404)
    now, name = staff.clock(), normal(username)
    async with staff.engine.begin() as connection:
        before = await trying.begin(connection, name, now)
        row = await users.find(connection, name)
    if (wait := before.locked(now)) is not None:
        return _refused(request, staff, next, LOCKED.format(wait=trying.told(wait)), 429)
    right = await staff.passwords.fits(password, None if row is None else row["password_hash"])
    if not right or row is None or row["disabled_at"] is not None:
        await trying.failed(staff, request, None if row is None else row["username"], before.another(now))
        return _refused(request, staff, next, WRONG, 401)
    async with staff.engine.begin() as connection:
        await trying.succeeded(connection, name)
    if staff.passwords.outdated(row["password_hash"]):
        await _hash_anew(staff, name, password)
    return await _enter(request, staff, row["username"], "password", next)


@router.post("/logout")
async def log_out(request: Request, staff: StaffOf) -> Response:
    """End the session, here and in the database."""
    if (token := cookie(request, COOKIE)) is not None:
        async with staff.engine.begin() as connection:
            if (username := await sessions.end(connection, token)) is not None:
                origin = trail.origin(request)
                await trail.note(connection, staff.clock(), username, trail.LOGGED_OUT, origin=origin)
    response = RedirectResponse(LOG_IN, 303)
    delete_cookie(request, response, COOKIE)
    flash.tell(request, response, "news", "You are logged out.")
    return response


@router.get("/login/oidc")
async def to_provider(request: Request, staff: StaffOf, next: str = "/") -> Response:
    """Off to the provider."""
    if staff.provider is None:
        return failure(request, 404)
    try:
        return await staff.provider.begin(request, staff.address + CALLBACK, inside(next))
    except NotIdentified as why:
        return await _not_identified(request, staff, staff.provider, str(why))


@router.get(CALLBACK)
async def from_provider(request: Request, staff: StaffOf) -> Response:
    """Back from the provider."""
    if staff.provider is None:
        return failure(request, 404)
    try:
        who, back = await staff.provider.finish(request)
    except NotIdentified as why:
        return await _not_identified(request, staff, staff.provider, str(why))
    if (problem := await _admit(staff, who)) is not None:
        return await _not_identified(request, staff, staff.provider, problem[0], who.username, problem[1])
    response = await _enter(request, staff, who.username, "oidc", back)
    staff.provider.forget(request, response)
    return response


def inside(path: str) -> str:
    """A path of this face; anything that leads elsewhere is the start."""
    plain = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() and "\\" not in path
    return path if plain else "/"


async def _hash_anew(staff: Staff, username: str, password: str) -> None:
    hashed = await staff.passwords.hash(password)
    async with staff.engine.begin() as connection:
        mine = users_table.c.username == username
        await connection.execute(update(users_table).where(mine).values(password_hash=hashed))


async def _enter(request: Request, staff: Staff, username: str, how: str, back: str) -> Response:
    """Begin a session, another than any that this browser had before."""
    now, before = staff.clock(), cookie(request, COOKIE)
    async with staff.engine.begin() as connection:
        if before is not None:
            await sessions.end(connection, before)
        token = await sessions.begin(connection, username, now, staff.settings.lasting)
        origin = trail.origin(request)
        await trail.note(connection, now, username, trail.LOGGED_IN, details={"by": how}, origin=origin)
    response = RedirectResponse(inside(back), 303)
    set_cookie(request, response, COOKIE, token)
    return response


async def _admit(staff: Staff, who: Identity) -> tuple[str, str] | None:
    """Know whom the provider told of, with the roles of today; else why not, in short and for the reader."""
    if not who.roles:
        return "no role", NO_ROLE
    async with staff.engine.begin() as connection:
        row = await users.find(connection, who.username)
        if row is None:
            await users.add(connection, who.username, who.roles, staff.clock(), subject=who.subject, name=who.name)
        elif row["subject"] != who.subject:
            return "name taken", TAKEN
        elif row["disabled_at"] is not None:
            return "disabled", NO_ROLE
        elif set(row["roles"]) != set(who.roles):
            await users.change(connection, who.username, roles=list(who.roles))
    return None


async def _not_identified(
    request: Request, staff: Staff, provider: Provider, why: str, username: str | None = None, text: str = ""
) -> Response:
    async with staff.engine.begin() as connection:
        about = {"by": "oidc", "why": why}
        at = staff.clock(), username, trail.LOG_IN_FAILED
        await trail.note(connection, *at, details=about, origin=trail.origin(request))
    response = _refused(request, staff, "/", text or ELSEWHERE.format(label=staff.settings.staff_oidc_label), 403)
    provider.forget(request, response)
    return response


def _refused(request: Request, staff: Staff, back: str, text: str, status: int) -> Response:
    return _form(request, staff, back, text, status)


def _form(request: Request, staff: Staff, back: str, problem: str = "", status: int = 200) -> Response:
    settings = staff.settings
    other = settings.staff_oidc_label if settings.staff_oidc_issuer else ""
    values = {"problem": problem, "next": inside(back), "passwords": settings.staff_passwords, "other": other}
    return page(request, "login.html.jinja", status, **values)
