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
from services.review.desk import Desk
from services.review.web import acting, cases, pictures, queue
from services.review.web.parts import Parts
from services.review.web.settings import BackofficeSettings

HERE = Path(__file__).parent


def backoffice(desk: Desk, blobs: Blobs | None, settings: BackofficeSettings) -> FastAPI:
    """The application."""
    app = web_app(
        "Vetstream Backoffice",
        key=settings.vetstream_web_key,
        face="backoffice",
        templates=[HERE / "templates", STAFF_TEMPLATES],
        static=[HERE / "static"],
        context=_told,
        address=settings.address,
        dependencies=[Depends(identified)],
    )
    add_staff(app, desk.engine, settings, desk.clock)
    app.state.parts = Parts(desk, blobs)
    for part in (queue, cases, acting, pictures):
        app.include_router(part.router)

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
