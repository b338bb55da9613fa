"""An applicant's link: signed, good for some days, and naming nothing but their collection."""

from fastapi import HTTPException, Request, Response

from libs.web.signing import cookie, read, serializer, set_cookie

PURPOSE = "collection"
DAY = 24 * 3600


def token(request: Request, id: str) -> str:
    """What names a collection in a link; good from now on."""
    return str(serializer(request, PURPOSE).dumps(id))


def opened(request: Request, text: str, days: int) -> str:
    """The collection that a link names; raises HTTPException 410 where it is none of ours, or too old."""
    id = read(request, PURPOSE, text, days * DAY)
    if not isinstance(id, str):
        raise HTTPException(410)
    return id


def let_in(request: Request, response: Response, id: str, days: int) -> None:
    """Let this browser see a collection from now on."""
    set_cookie(request, response, _name(id), token(request, id), days * DAY)


def require(request: Request, id: str, days: int) -> None:
    """Raise HTTPException 410 where this browser has not opened the collection's link, or too long ago."""
    if opened(request, cookie(request, _name(id)) or "", days) != id:
        raise HTTPException(410)


def _name(id: str) -> str:
    """A cookie of its own for each collection, so that the pages of two are never mixed."""
    return f"apply-{id}"
