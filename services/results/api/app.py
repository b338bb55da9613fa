"""The HTTP API, put together from its parts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.streaming.ports import Broker
from services.results import tables
from services.results.api import (
    commands,
    execute,
    executions,
    matchlists,
    monitor,
    operators,
    persons,
    resolutions,
    workflows,
)
from services.results.api.description import Described
from services.results.api.docs import add_docs
from services.results.api.lists import Lists
from services.results.api.parts import Parts, Publisher
from services.results.api.problems import answer, handle_problems
from services.results.api.unserved import add_unserved
from services.results.api.watch import Watch

DESCRIPTION = """
Onboards persons, runs workflows on them, and tells what came of it, why, and who overrode it.

Send `api_key` and `X-Frankie-CustomerID` with every request; nobody sees another customer's data.
"""


def create_app(
    engine: AsyncEngine,
    publisher: Publisher,
    broker: Broker,
    *,
    schema: str = tables.LIVE,
    wait_seconds: float = 5.0,
) -> FastAPI:
    """The application; it reads the projection in `schema` and keeps a caller waiting so long at most. What it
    publishes of customers' lists it reads back from the broker."""
    # One snapshot a request: an execution and its steps are those of the same moment.
    snapshot = engine.execution_options(schema_translate_map={None: schema}, isolation_level="REPEATABLE READ")
    watch = Watch(engine, schema)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await watch.start()
        yield
        await watch.stop()

    app = Described(title="Vetstream", version="2", description=DESCRIPTION, lifespan=lifespan)
    app.state.parts = Parts(snapshot, publisher, watch, wait_seconds)
    app.state.lists = Lists(broker)
    handle_problems(app)
    for part in (workflows, execute, executions, commands, monitor, persons, resolutions, operators, matchlists):
        app.include_router(part.router)

    @app.get("/health/live", tags=["Health"], summary="The process runs")
    async def live() -> Response:
        """Answers without asking anything else."""
        return answer(200, {"status": "live"})

    @app.get("/health/ready", tags=["Health"], summary="The projection can be read")
    async def ready() -> Response:
        """503 while they are missing, or the database cannot be asked."""
        try:
            async with snapshot.connect() as connection:
                await connection.execute(text(f'SELECT 1 FROM "{schema}".executions LIMIT 1'))
        except (SQLAlchemyError, OSError):
            return answer(503, {"status": "not ready"})
        return answer(200, {"status": "ready"})

    add_docs(app)
    add_unserved(app)
    return app
