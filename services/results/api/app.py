"""The HTTP API, put together from its parts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from fastapi import FastAPI, Response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.blobs.port import Blobs
from libs.streaming.ports import Broker
from services.results import tables
from services.results.api import (
    applications,
    approval_policy,
    approvals,
    attributes,
    audit_events,
    commands,
    documents,
    execute,
    executions,
    individuals,
    log,
    manual_kyc,
    matchlist_entities,
    matchlist_search,
    matchlists,
    monitor,
    operators,
    persons,
    profiles,
    registry,
    resolutions,
    risk,
    search,
    webhooks,
    workflows,
)
from services.results.api.access import operations
from services.results.api.approval_policy import ApprovalPolicy
from services.results.api.description import Described
from services.results.api.docs import add_docs
from services.results.api.gate import Gate, forget_repeats
from services.results.api.lists import Lists
from services.results.api.measuring import Measured
from services.results.api.parts import Parts, Publisher, now
from services.results.api.problems import answer, handle_problems
from services.results.api.unserved import add_unserved
from services.results.api.watch import Watch
from services.results.policy import AmendmentPolicy, load

if TYPE_CHECKING:
    from libs.streaming.tracing import Tracing  # loaded where it is wanted only

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
    blobs: Blobs | None = None,
    webhook_means: webhooks.Means | None = None,
    tracing: "Tracing | None" = None,
    policy: AmendmentPolicy | None = None,
    per_minute: int = 60_000,
    approving: ApprovalPolicy | None = None,
) -> FastAPI:
    """The application; it reads the projection in `schema` and keeps a caller waiting so long at most. What it
    publishes of customers' lists it reads back from the broker. A key may send so many requests a minute, unless it
    says otherwise. `policy`: of amendments, `approving`: what takes a second person; as shipped where not given."""
    # One snapshot a request: an execution and its steps are those of the same moment.
    snapshot = engine.execution_options(schema_translate_map={None: schema}, isolation_level="REPEATABLE READ")
    watch = Watch(engine, schema)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await watch.start()
        forgetting = asyncio.create_task(forget_repeats(engine, now))
        yield
        forgetting.cancel()
        await asyncio.gather(forgetting, return_exceptions=True)
        await watch.stop()

    app = Described(title="Vetstream", version="2", description=DESCRIPTION, lifespan=lifespan)
    app.add_middleware(Gate, engine=engine, operations=operations(), clock=now, per_minute=per_minute)
    app.state.parts = Parts(
        snapshot,
        engine,
        publisher,
        watch,
        approving or approval_policy.read(),
        wait_seconds,
        blobs,
        policy=policy or load(),
    )
    app.state.lists = Lists(broker)
    app.state.webhooks = webhook_means
    handle_problems(app)
    app.add_middleware(Measured)
    if tracing is not None:
        from services.results.api.traced import Traced

        app.add_middleware(Traced, tracing=tracing)
    for part in (
        workflows,
        execute,
        applications,
        executions,
        commands,
        monitor,
        persons,
        resolutions,
        manual_kyc,
        risk,
        operators,
        matchlist_entities,
        matchlists,
        matchlist_search,
        approvals,
        audit_events,
        log,
        webhooks,
        registry,
        individuals,
        profiles,
        documents,
        attributes,
        search,
    ):
        app.include_router(part.router)

    @app.get("/health/live", tags=["Health"], summary="It hears of what has settled")
    async def live() -> Response:
        """503 once it does not any more: what waits for an answer would wait in vain."""
        return answer(200, {"status": "live"}) if watch.goes_on else answer(503, {"status": "not live"})

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
