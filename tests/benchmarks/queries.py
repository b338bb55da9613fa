"""How fast the API reads among a million executions of one customer: each list and search alone, and many at once.

`python -m tests.benchmarks.queries seed [--executions N]` makes them in the database of DATABASE_URL, out of the
executions of another customer there.
"""

import argparse
import asyncio
import json
import time
from collections.abc import Mapping
from http import HTTPStatus
from itertools import cycle
from random import Random
from typing import Any

import aiohttp
from sqlalchemy import Table, text
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.events.codec import encode
from libs.setup import database_url
from libs.store.engine import connect
from libs.streaming.kafka import KafkaBroker
from libs.streaming.settings import Settings
from services.results import tables
from services.results.api import issuing
from services.results.store import quoted
from tests.benchmarks.system import Ends, Measured, onboardings, percentile

EXECUTIONS, MODELS, ASKED, SEED = 1_000_000, 60, 100, 7
CUSTOMER, MODEL, KEY = "many", "bench-1", "a key of the benchmark"
# Executions of one person; the chapters of each whose results are copied, and of these the first of a step.
OF_ONE, CHAPTERS = 3, 3
AT_ONCE, SECONDS = 16, 15
TIMES = ("started_at", "ended_at", "created_at", "updated_at")
BIG = (tables.individuals, tables.executions, tables.step_results, tables.process_results)


async def seed(engine: AsyncEngine, count: int, model: str = MODEL, schema: str = tables.LIVE) -> None:
    """Executions of CUSTOMER over a year, each like one that `model` has, with its person and some of its results."""
    persons = f"'person-' || n % {max(1, count // OF_ONE)}"
    copied: Mapping[str, str] = {
        "customer_id": f"'{CUSTOMER}'", "execution_id": "'execution-' || n", "entity_id": persons,
        "process_result_id": "'result-' || n || '-' || t.sequence || '-' || t.number",
        **{name: f"t.{name} - make_interval(secs => n * 31.5)" for name in TIMES},
    }  # fmt: skip
    async with engine.begin() as connection:
        await connection.execute(text("SET LOCAL synchronous_commit = off"))
        for table in BIG:
            each = f"generate_series(1, {count if table is not tables.individuals else max(1, count // OF_ONE)}) AS n"
            await connection.execute(text(_copies(schema, table, copied, each)), {"model": model})
    async with engine.connect() as connection:
        alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
        for table in BIG:
            await alone.execute(text(f"VACUUM (ANALYZE) {quoted(schema)}.{table.name}"))


def _copies(schema: str, table: Table, changed: Mapping[str, str], each: str) -> str:
    """Rows of the model, those of one of its executions for each number."""
    names = table.columns.keys()
    few = f"AND t.sequence <= {CHAPTERS}" if "position" in names else ""
    few += " AND t.number = 0" if "number" in names else ""
    key = "entity_id" if table is tables.individuals else "execution_id"
    return f"""
        WITH model AS (
            SELECT execution_id, entity_id, row_number() OVER (ORDER BY execution_id) - 1 AS place,
                   count(*) OVER () AS several
            FROM {quoted(schema)}.executions WHERE customer_id = :model)
        INSERT INTO {quoted(schema)}.{table.name} ({", ".join(names)})
        SELECT {", ".join(changed.get(name, f"t.{name}") for name in names)}
        FROM {each} JOIN model ON model.place = n % model.several
        JOIN {quoted(schema)}.{table.name} AS t ON t.customer_id = :model AND t.{key} = model.{key} {few}"""


def requests(count: int, service: str = "Onboarding", workflow: str = "Individual-Onboarding") -> dict[str, list[str]]:
    """Paths to be read, by kind; each has other filters from time to time."""
    draw = Random(SEED)
    some, all_ = range(ASKED), "/v2/executions?"
    persons = [f"/v2/individuals/person-{draw.randrange(max(1, count // OF_ONE))}" for _ in some]
    executions = f"/serviceprofiles/{service}/workflows/{workflow}/executions"
    far = min(5000, count // 40)  # pages of 20, to the middle of them at most
    days = [f"2026-{draw.randrange(1, 13):02}-{draw.randrange(1, 29):02}" for _ in some]
    kinds: dict[str, list[str]] = {
        "person": persons,
        "results": [f"{person}/results" for person in persons],
        "results_filtered": [f"{person}/results?classes=KYC,AML&systemStatuses=VALID" for person in persons],
        "executions_of_person": [f"{person}{executions}" for person in persons],
        "execution": [
            f"/v2/individuals/person-{number % max(1, count // OF_ONE)}{executions}/execution-{number}"
            for number in (draw.randrange(1, count + 1) for _ in some)
        ],
        "overview": [f"{all_}page={draw.randrange(1, 50)}" for _ in some],
        "overview_far": [f"{all_}page={draw.randrange(far // 5, far)}" for _ in some],
        "overview_status": [f"{all_}statuses={('FAIL', 'REVIEW')[one % 2]}" for one in some],
        "overview_rare": [f"{all_}statuses={('UNCHECKED', 'URGENT')[one % 2]}" for one in some],
        "overview_state": [
            f"{all_}workflowExecutionStates=IN_PROGRESS&sort={('asc', 'desc')[one % 2]}" for one in some
        ],
        "overview_days": [
            f"{all_}startedAtBefore={day}&sortFields={('status', 'startedAt')[at % 2]}" for at, day in enumerate(days)
        ],
        "overview_workflow": [f"{all_}workflowNames={('None', workflow)[one % 2]}" for one in some],
    }
    return kinds


async def run(system: Measured, count: int = EXECUTIONS) -> dict[str, Any]:
    """Milliseconds of each kind of reading one after another, and how many of all kinds a second at once."""
    await _models(system)
    engine = connect(database_url(system.database, "results"))
    begun = time.perf_counter()
    await seed(engine, count)
    seeded = time.perf_counter() - begun
    await engine.dispose()
    await issuing.ensure(database_url(system.database, "results"), KEY, CUSTOMER)
    headers = {"api_key": KEY, "X-Frankie-CustomerID": CUSTOMER}
    kinds = requests(count)
    async with aiohttp.ClientSession(system.api, headers=headers) as client:
        alone = {kind: [await _milliseconds(client, path) for path in paths] for kind, paths in kinds.items()}
        mixed = [path for several in zip(*kinds.values(), strict=True) for path in several]
        reads, seconds = await _at_once(client, mixed)
    return {
        "executions": count,
        "seeded_seconds": round(seeded),
        "p50_ms": {kind: round(percentile(times, 0.5), 1) for kind, times in alone.items()},
        "p95_ms": {kind: round(percentile(times, 0.95), 1) for kind, times in alone.items()},
        "reads_per_second": round(reads / seconds, 1),
    }


async def _models(system: Measured) -> None:
    """A few people taken on by the services themselves."""
    producer, events = KafkaBroker(system.bootstrap).producer(), onboardings()
    await producer.start()
    async with Ends(system.bootstrap) as ends:
        await producer.send([encode(next(events)) for _ in range(MODELS)])
        while len(ends.states) < MODELS:
            await ends.hear(200)
    await producer.stop()
    await asyncio.sleep(2)  # the projection is behind by a batch


async def _milliseconds(client: aiohttp.ClientSession, path: str) -> float:
    begun = time.perf_counter()
    async with client.get(path) as answer:
        told = await answer.text()
        assert answer.status == HTTPStatus.OK, f"{path}: {told}"
    return (time.perf_counter() - begun) * 1000


async def _at_once(client: aiohttp.ClientSession, paths: list[str]) -> tuple[int, float]:
    """So many callers, each one request after another."""
    following, reads, begun = cycle(paths), 0, time.perf_counter()

    async def caller() -> None:
        nonlocal reads
        while time.perf_counter() - begun < SECONDS:
            await _milliseconds(client, next(following))
            reads += 1

    await asyncio.gather(*(caller() for _ in range(AT_ONCE)))
    return reads, time.perf_counter() - begun


def main() -> None:
    """Seed a database."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.queries", description=__doc__)
    parser.add_argument("command", choices=["seed"])
    parser.add_argument("--executions", type=int, default=EXECUTIONS)
    parser.add_argument("--model", default=MODEL, help="the customer whose executions are copied")
    given = parser.parse_args()

    async def made() -> None:
        engine = connect(Settings().database_url)
        await seed(engine, given.executions, given.model)
        await engine.dispose()

    asyncio.run(made())
    print(json.dumps({"seeded": given.executions, "customer": CUSTOMER}))


if __name__ == "__main__":
    main()
