"""The applicant's pages, put together from their parts."""

from pathlib import Path

from fastapi import FastAPI, Response
from fastapi.responses import JSONResponse
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import Lifespan

from libs.web.app import web_app
from services.collection import pages, showing, uploads
from services.collection.limited import Limited
from services.collection.parts import Parts

FOLDER = Path(__file__).parent
# A picture of 10 MB, and the form around it.
LARGEST_BYTES = 10_100_000


def create_app(parts: Parts, key: str, lifespan: Lifespan[FastAPI] | None = None) -> FastAPI:
    """The application; `key` signs links and forms."""
    app = web_app(
        "Identity check",
        key=key,
        face="collection",
        templates=[FOLDER / "templates"],
        static=[FOLDER / "static"],
        context=showing.context,
        address=parts.address,
        camera=True,
        lifespan=lifespan,
    )
    app.state.parts = parts
    app.add_middleware(Limited, largest=LARGEST_BYTES)
    app.include_router(pages.router)
    app.include_router(uploads.router)

    @app.get("/health/ready")
    async def ready() -> Response:
        """503 while the database cannot be asked."""
        try:
            async with parts.engine.connect() as connection:
                await connection.execute(text("SELECT 1 FROM collections LIMIT 1"))
        except (SQLAlchemyError, OSError):
            return JSONResponse({"status": "not ready"}, 503)
        return JSONResponse({"status": "ready"})

    return app
