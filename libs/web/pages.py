"""Pages from templates, in which everything is escaped and nothing may be missing."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from libs.web import csrf, flash
from libs.web.assets import Assets
from libs.web.tones import tone

FOLDER = Path(__file__).with_name("templates")
# What the templates here say themselves; a face in another language gives its own as `words`.
WORDS = {
    "skip": "Skip to the content",
    "menu": "Menu",
    "optional": "optional",
    "newer": "Newer",
    "older": "Older",
    "pages": "Pages",
    "cancel": "Cancel",
    "errors": "Please look at these again",
    "step": "Step",
    "of": "of",
    "messages": "Messages",
    "reference": "Reference",
    "home": "To the start",
    "refused": "This page stood open for too long, or the form came from elsewhere. Go back, reload it, try again.",
}
Context = Callable[[Request], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Pages:
    """Renders for one face; `context` gives what every one of its pages is told, as who is logged in."""

    environment: Environment
    title: str
    context: Context

    def words(self, request: Request) -> Mapping[str, str]:
        """What the shared templates say, in the reader's language."""
        return {**WORDS, **self.context(request).get("words", {})}

    def render(self, request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """The page; messages that wait for the reader are shown on it, and on no other."""
        token = csrf.token(request)
        told = flash.waiting(request)
        known = {
            "site": self.title,
            "request": request,
            "lang": "en",
            "messages": told,
            "csrf_token": token,
            "csrf_field": Markup('<input type="hidden" name="csrf" value="{}">').format(token),
            **self.context(request),
            "words": self.words(request),
            **values,
        }
        response = HTMLResponse(self.environment.get_template(template).render(known), status)
        csrf.keep(request, response)
        if told:
            flash.clear(request, response)
        return response


def page(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page of the face that is asked."""
    pages: Pages = request.app.state.pages
    return pages.render(request, template, status, **values)


def environment(assets: Assets, folders: Iterable[Path] = ()) -> Environment:
    """Templates of the folders, and those here that they build upon."""
    made = Environment(
        loader=FileSystemLoader([*folders, FOLDER]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["asset"] = assets.address
    made.filters |= {"tone": tone, "moment": moment, "ago": ago, "bytes": size}
    return made


def moment(time: datetime | str | None) -> str:
    """A time as a person reads it, in UTC to the second."""
    found = _time(time)
    return "" if found is None else found.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def ago(time: datetime | str | None, now: datetime) -> str:
    """How long before or after `now` a time is, in its largest unit: `3 min ago`, `in 2 d`."""
    found = _time(time)
    if found is None:
        return ""
    seconds = (now - found).total_seconds()
    text = duration(abs(seconds))
    return "now" if text == "0 s" else f"{text} ago" if seconds > 0 else f"in {text}"


def duration(seconds: float) -> str:
    """Seconds in their largest unit."""
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= length:
            return f"{int(seconds // length)} {unit}"
    return f"{int(seconds)} s"


def size(count: int) -> str:
    """A number of bytes in a unit of at most three digits."""
    value = float(count)
    for unit in ("B", "KB", "MB"):
        if value < 1000:
            return f"{value:.0f} {unit}"
        value /= 1000
    return f"{value:.1f} GB"


def _time(time: datetime | str | None) -> datetime | None:
    return datetime.fromisoformat(time) if isinstance(time, str) and time else time or None
