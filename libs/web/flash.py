"""A message that the next page shows, once: what came of what was just done. It is signed, not secret."""

from dataclasses import dataclass

from fastapi import Request, Response

from libs.web.signing import cookie, delete_cookie, read, serializer, set_cookie

COOKIE, MAX_AGE = "flash", 120


@dataclass(frozen=True, slots=True)
class Message:
    """`tone` is good, bad, open or news."""

    tone: str
    text: str


def tell(request: Request, response: Response, tone: str, text: str) -> None:
    """Have the page that follows show a message; no personal data."""
    set_cookie(request, response, COOKIE, str(serializer(request, "flash").dumps([tone, text])), MAX_AGE)


def waiting(request: Request) -> list[Message]:
    """The message for the page that is being made."""
    told = read(request, "flash", cookie(request, COOKIE), MAX_AGE)
    return [Message(*told)] if told else []


def clear(request: Request, response: Response) -> None:
    """The message was shown."""
    delete_cookie(request, response, COOKIE)
