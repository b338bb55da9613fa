"""How fast the reviewers' queue opens among 100,000 cases: each of its views, a page far behind, and a search.

`python -m tests.benchmarks.cases seed [--cases N]` makes them in review's database, of DATABASE_URL.
"""

import argparse
import asyncio
import re
import time
from typing import Any

import httpx
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.setup import database_url
from libs.staff.setup import ensure_user
from libs.store.engine import connect
from libs.streaming.memory import MemoryBroker
from libs.streaming.ports import system_clock
from libs.streaming.settings import Settings
from services.review.desk import Desk
from services.review.policies import read_policies
from services.review.web.app import backoffice
from services.review.web.settings import BackofficeSettings
from tests.benchmarks.system import Measured, percentile

CASES, ASKED = 100_000, 30
USER, PASSWORD = "bench", "a-password-of-the-benchmark"
PATHS = {
    "new": "/queue/new",
    "mine": "/queue/mine",
    "applicant": "/queue/applicant",
    "overdue": "/queue/overdue",
    "open": "/queue/open",
    "done": "/queue/done",
    "search": "/queue/open?q=family777",
    "risk": "/queue/new?risk=HIGH",
}

# Of ten cases four are new, two the reviewer's, one each waits for a second person and the applicant, two are done.
_SEED = text("""
    INSERT INTO cases (customer_id, case_id, execution_id, entity_id, name, found_by, status, round, sequence, assignee,
                       risk, opened_at, due_at, wakes_at, decided_at, document)
    SELECT 'many', gen_random_uuid()::text, 'execution-' || n, 'person-' || n, 'Given Family' || n,
           ARRAY['given', 'family' || n, 'family' || n % 1000],
           (ARRAY['OPEN', 'OPEN', 'OPEN', 'OPEN', 'OPEN', 'OPEN', 'AWAITING_SECOND', 'AWAITING_APPLICANT', 'DECIDED',
                  'DECIDED'])[1 + n % 10],
           1, 1, CASE WHEN n % 10 IN (4, 5) THEN CAST(:user AS text) END,
           (ARRAY['LOW', 'MEDIUM', 'HIGH'])[1 + n % 3], now() - make_interval(secs => n * 5),
           CASE WHEN n % 10 < 8 THEN now() + make_interval(secs => 400000 - n * 5) END, NULL,
           CASE WHEN n % 10 >= 8 THEN now() - make_interval(secs => n) END, '{"decision": "APPROVED"}'
    FROM generate_series(1, CAST(:count AS int)) AS n""")


async def seed(engine: AsyncEngine, count: int = CASES) -> None:
    """Cases in every view of the queue."""
    async with engine.begin() as connection:
        await connection.execute(_SEED, {"count": count, "user": USER})
    async with engine.connect() as connection:
        await (await connection.execution_options(isolation_level="AUTOCOMMIT")).execute(text("VACUUM (ANALYZE) cases"))


async def measure(engine: AsyncEngine) -> dict[str, Any]:
    """Milliseconds to open each view, by the whole application; the slowest of their 95th percentiles counts."""
    await ensure_user(engine.url.render_as_string(hide_password=False), USER, ["reviewer"], PASSWORD)
    desk = Desk(engine, MemoryBroker().producer(), read_policies(), system_clock)
    app = backoffice(desk, None, BackofficeSettings(vetstream_web_key="k" * 32))
    found: dict[str, float] = {}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
        form = (await client.get("/login")).text
        token = re.search(r'name="csrf" value="([^"]+)"', form)
        assert token is not None, "the form has its token"
        await client.post("/login", data={"csrf": token[1], "username": USER, "password": PASSWORD})
        for name, path in {**PATHS, "far": await _far(client)}.items():
            took = [await _open(client, path) for _ in range(ASKED)]
            found[f"{name}_p95_ms"] = round(percentile(took, 0.95), 1)
    return {"cases": CASES, "p95_ms": max(found.values()), **found}


async def _far(client: httpx.AsyncClient) -> str:
    """The tenth page of all that is open."""
    path = PATHS["open"]
    for _ in range(9):
        older = re.search(r'href="([^"]+)" rel="next"|rel="next" href="([^"]+)"', (await client.get(path)).text)
        assert older is not None, f"{path} leads on"
        path = (older[1] or older[2]).replace("&amp;", "&")
    return path


async def _open(client: httpx.AsyncClient, path: str) -> float:
    began = time.perf_counter()
    answer = await client.get(path)
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return (time.perf_counter() - began) * 1000


async def queue(system: Measured) -> dict[str, Any]:
    """The queue of a running system, filled."""
    engine = connect(database_url(system.database, "review"))
    try:
        await seed(engine)
        return await measure(engine)
    finally:
        await engine.dispose()


async def main() -> None:
    """Seed, or measure what is there."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.cases", description=__doc__)
    parser.add_argument("does", choices=["seed", "measure"])
    parser.add_argument("--cases", type=int, default=CASES)
    asked = parser.parse_args()
    engine = connect(Settings().database_url)
    try:
        if asked.does == "seed":
            await seed(engine, asked.cases)
        else:
            print(await measure(engine))
    finally:
        await engine.dispose()


if __name__ == "__main__":
    asyncio.run(main())
