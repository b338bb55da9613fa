"""Who asks, and whether they may: what the pages of a face depend upon.

`web_app(…, dependencies=[Depends(identified)])` lets every page know who looks at it; `allowed(…)` shuts one to others.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, HTTPException, Request
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.staff import sessions, trail
from libs.staff.oidc import Provider
from libs.staff.passwords import Passwords
from libs.staff.sessions import Who
from libs.staff.settings import StaffSettings
from libs.streaming.ports import Clock
from libs.web.assets import PATH as FILES
from libs.web.signing import cookie

COOKIE = "session"
LOG_IN = "/login"
OPEN = (FILES, "/health")


@dataclass(frozen=True, slots=True)
class Staff:
    """What a face needs to let staff in."""

    engine: AsyncEngine
    settings: StaffSettings
    address: str
    passwords: Passwords
    provider: Provider | None
    clock: Clock


async def identified(request: Request) -> None:
    """Find out who asks; forms count only in the session that they were made in."""
    token = cookie(request, COOKIE)
    if not token or request.url.path.startswith(OPEN):
        return
    staff = _staff(request)
    async with staff.engine.begin() as connection:
        who = await sessions.find(connection, token, staff.clock(), staff.settings.lasting)
    if who is not None:
        request.state.who = who
        request.state.csrf_binding = who.session


def current(request: Request) -> Who | None:
    """Who is logged in."""
    found: Who | None = getattr(request.state, "who", None)
    return found


def allowed(*roles: str) -> Callable[[Request], Awaitable[Who]]:
    """Lets in who has one of these roles; others are sent to log in, or refused, which is audited."""

    async def may(request: Request) -> Who:
        who = current(request)
        if who is None:
            raise HTTPException(303, headers={"Location": _log_in(request)})
        if not who.may(*roles):
            staff = _staff(request)
            async with staff.engine.begin() as connection:
                about = {"route": str(getattr(request.scope.get("route"), "path", ""))}
                at = staff.clock(), who.username, trail.DENIED
                await trail.note(connection, *at, details=about, origin=trail.origin(request))
            raise HTTPException(403)
        return who

    return may


def _log_in(request: Request) -> str:
    """Where one logs in, and is sent back from; what was to be changed is not done again."""
    if request.method != "GET" or "HX-Request" in request.headers:
        return LOG_IN
    back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return f"{LOG_IN}?next={quote(back, safe='')}"


def _staff(request: Request) -> Staff:
    found: Staff = request.app.state.staff
    return found


StaffOf = Annotated[Staff, Depends(_staff)]
