"""The backoffice put together: who may in, its pages, and what each of them is told."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastapi import Depends, FastAPI, Request

from libs.blobs.port import Blobs
from libs.staff.access import current, identified
from libs.staff.app import TEMPLATES as STAFF_TEMPLATES
from libs.staff.app import add_staff
from libs.web.app import web_app
from services.review.console.app import TEMPLATES as CONSOLE_TEMPLATES
from services.review.console.app import add_console
from services.review.console.parts import Console
from services.review.desk import Desk
from services.review.reading import Readings
from services.review.web import acting, cases, pictures, queue
from services.review.web.parts import Parts
from services.review.web.settings import BackofficeSettings

HERE = Path(__file__).parent


def backoffice(
    desk: Desk, blobs: Blobs | None, settings: BackofficeSettings, console: Console | None = None
) -> FastAPI:
    """The application; with a console it is the operators', too."""
    app = web_app(
        "Vetstream Backoffice",
        key=settings.vetstream_web_key,
        face="backoffice",
        templates=[HERE / "templates", CONSOLE_TEMPLATES, STAFF_TEMPLATES],
        static=[HERE / "static"],
        context=_told,
        address=settings.address,
        dependencies=[Depends(identified)],
    )
    add_staff(app, desk.engine, settings, desk.clock)
    app.state.parts = Parts(desk, blobs, Readings())
    for part in (queue, cases, acting, pictures):
        app.include_router(part.router)
    if console is not None:
        add_console(app, console)

    @app.get("/health/live")
    @app.get("/health/ready")
    async def health() -> dict[str, str]:
        """The pages can be served; whoever starts them waits for it."""
        return {"status": "ok"}

    return app


def _told(request: Request) -> Mapping[str, Any]:
    """What every page knows: who reads it, and the time."""
    parts: Parts = request.app.state.parts
    return {"who": current(request), "now": parts.desk.clock()}
