"""Forms count only when they come from our own pages.

A form carries a token signed over a secret of the browser's cookie and, where somebody is logged in, over their session
(`request.state.csrf_binding`). A script sends it as a header.
"""

import secrets

from fastapi import HTTPException, Request, Response
from starlette.datastructures import FormData

from libs.web.signing import cookie, read, serializer, set_cookie

FIELD, HEADER, COOKIE = "csrf", "X-CSRF-Token", "csrf"
MAX_AGE = 12 * 3600  # seconds that a page may stand open before its form is sent
SAFE = {"GET", "HEAD", "OPTIONS"}


class Refused(HTTPException):
    """What was sent did not come from one of our pages, or from one that stood open for too long."""

    def __init__(self) -> None:
        super().__init__(403)


def token(request: Request) -> str:
    """The token for the forms of the page that is being made."""
    secret = cookie(request, COOKIE) or getattr(request.state, "csrf_secret", None)
    if secret is None:
        secret = request.state.csrf_secret = secrets.token_urlsafe(16)
    return serializer(request, "csrf").dumps([secret, _binding(request)])


def keep(request: Request, response: Response) -> None:
    """Set the cookie where the browser has none yet."""
    if (secret := getattr(request.state, "csrf_secret", None)) is not None:
        set_cookie(request, response, COOKIE, secret)


async def guard(request: Request) -> None:
    """Refuse with 403 what would change something and does not come from one of our pages."""
    if request.method in SAFE:
        return
    secret = cookie(request, COOKIE)
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none") or secret is None:
        raise Refused
    if read(request, "csrf", await _sent(request), MAX_AGE) != [secret, _binding(request)]:
        raise Refused


async def _sent(request: Request) -> str | None:
    if (header := request.headers.get(HEADER)) is not None:
        return header
    kind = request.headers.get("Content-Type", "").partition(";")[0]
    if kind not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        return None
    form: FormData = await request.form()
    value = form.get(FIELD)
    return value if isinstance(value, str) else None


def _binding(request: Request) -> str:
    return str(getattr(request.state, "csrf_binding", ""))
