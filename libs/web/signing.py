"""What a browser keeps for us, signed so that it can be given back unchanged or not at all."""

from typing import Any

from fastapi import Request, Response
from itsdangerous import BadSignature, URLSafeTimedSerializer


def serializer(request: Request, purpose: str) -> URLSafeTimedSerializer:
    """Signs for one purpose only: what was signed for another is refused."""
    return URLSafeTimedSerializer(request.app.state.web_key, salt=f"vetstream.{purpose}")


def read(request: Request, purpose: str, text: str | None, max_age: int) -> Any:
    """What was signed at most `max_age` seconds ago; None where it was not, or not by us."""
    try:
        return serializer(request, purpose).loads(text or "", max_age=max_age)
    except BadSignature:
        return None


def cookie_name(request: Request, name: str) -> str:
    """With https no other host, not even one of the same domain, can set a cookie of this name."""
    return f"__Host-{name}" if request.app.state.web_secure else name


def set_cookie(request: Request, response: Response, name: str, value: str, max_age: int | None = None) -> None:
    """A cookie that scripts cannot read and that other sites' forms do not bring along."""
    response.set_cookie(
        cookie_name(request, name),
        value,
        max_age=max_age,
        path="/",
        secure=request.app.state.web_secure,
        httponly=True,
        samesite="lax",
    )


def delete_cookie(request: Request, response: Response, name: str) -> None:
    """Have the browser forget a cookie."""
    response.delete_cookie(
        cookie_name(request, name), path="/", secure=request.app.state.web_secure, httponly=True, samesite="lax"
    )


def cookie(request: Request, name: str) -> str | None:
    """The value that the browser has sent."""
    return request.cookies.get(cookie_name(request, name))
