"""What was said of hits reaches the API: once the execution has ended, again until it answers, once in effect."""

import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import httpx
import pytest
from fastapi import FastAPI, Request, Response
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.events.models import ExecutionState, WorkflowProgressed
from libs.store.engine import connect
from libs.store.migrate import migrate
from services.review import resolving, rules, store, stories
from services.review.calling import Calling
from tests.factory import NOON
from tests.services.review.factory import actor, opened


@pytest.fixture
async def engine(fresh_database_url: str) -> AsyncIterator[AsyncEngine]:
    await migrate(fresh_database_url, "services.review")
    engine = connect(fresh_database_url)
    yield engine
    await engine.dispose()


def api(answers: list[int], seen: list[tuple[str, str, dict[str, object]]]) -> FastAPI:
    """Answers with these codes in turn."""
    app = FastAPI()

    @app.patch("/v2/individuals/{entity}/results/{kind}")
    async def resolve(request: Request, entity: str, kind: str) -> Response:
        seen.append((kind, request.headers["Idempotency-Key"], json.loads(await request.body())))
        return Response(status_code=answers.pop(0))

    return app


async def test_a_resolved_hit_is_told_after_the_end_until_it_is_answered(engine: AsyncEngine) -> None:
    case, time = opened(), [NOON]
    async with engine.begin() as connection:
        await store.open_(connection, case)
        told = rules.resolve(case, actor(case), {"hit-1": "FALSE_POSITIVE", "hit-2": "FALSE_POSITIVE"}, "another year")
        await store.resolve(connection, (case.customer_id, case.case_id), "AML", {"hit-1": "FALSE_POSITIVE"}, told)
        await store.resolve(connection, (case.customer_id, case.case_id), "AML", {"hit-2": "FALSE_POSITIVE"}, told)
        await resolving.plan(connection, case, NOON)
    seen: list[tuple[str, str, dict[str, object]]] = []
    transport = httpx.ASGITransport(api([503, 200], seen))
    async with httpx.AsyncClient(transport=transport, base_url="http://api") as client:
        calling = Calling(engine, client, {"c1": "key"}, lambda: time[0])
        assert await calling.run_once() == 0, "the execution still runs"
        async with engine.begin() as connection:
            await stories.keep(connection, [end(case.execution_id, NOON)])
        for minutes in (0, 0, 1, 60):
            time[0] += timedelta(minutes=minutes)
            await calling.run_once()
    body = {
        "processResults": ["hit-1", "hit-2"],
        "manualStatus": "FALSE_POSITIVE",
        "comment": {"text": "another year"},
    }
    assert [(kind, what) for kind, _, what in seen] == [("aml", body), ("aml", body)]
    assert len({key for _, key, _ in seen}) == 1
    async with engine.connect() as connection:
        (row,) = await connection.execute(text("SELECT attempts, answer, due_at FROM calls"))
    assert tuple(row) == (2, "200", None)


def end(execution: str, at: datetime) -> WorkflowProgressed:
    return WorkflowProgressed(
        customerId="c1", entityId="p1", entityVersion=1, workflowExecutionId=execution, requestId="r1", sequence=1,
        state=ExecutionState.SUCCEEDED, occurredAt=at,
    )  # fmt: skip
