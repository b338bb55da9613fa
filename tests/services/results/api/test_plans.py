"""However many executions a customer has, what is read of them is found by an index."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from services.results.api import issuing
from tests.benchmarks import queries
from tests.services.results import factory
from tests.services.results.conftest import Projection

MANY = 20_000
BIG = {table.name for table in queries.BIG}
HEADERS = {"api_key": "key-of-many", "X-Frankie-CustomerID": queries.CUSTOMER}
PATHS = queries.requests(MANY, factory.SERVICE, factory.WORKFLOW)


@contextmanager
def statements(engine: AsyncEngine) -> Iterator[list[tuple[str, Any]]]:
    """What is asked of the database meanwhile."""
    asked: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        asked.append((statement, parameters))

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine.sync_engine, "before_cursor_execute", note)


def scanned(plan: dict[str, Any]) -> Iterator[str]:
    """The tables that a plan reads from end to end."""
    if plan["Node Type"] == "Seq Scan":
        yield plan["Relation Name"]
    for part in plan.get("Plans", []):
        yield from scanned(part)


async def test_no_big_table_is_read_from_end_to_end(
    projection: Projection, api: httpx.AsyncClient, api_engine: AsyncEngine, results_database: str
) -> None:
    await issuing.ensure(results_database, HEADERS["api_key"], queries.CUSTOMER)
    for number in range(4):
        begin = factory.onboarded(f"e{number}")
        await projection.fold([begin, *factory.story(begin)])
    await queries.seed(projection.engine, MANY, "c1", projection.schema)
    with statements(api_engine) as asked:
        for kind, paths in PATHS.items():
            for path in paths[:2]:
                answer = await api.get(path, headers=HEADERS)
                assert answer.status_code == httpx.codes.OK, (kind, answer.text)
    reads = [one for one in asked if one[0].lstrip().startswith(("SELECT", "WITH"))]
    assert len(reads) > len(PATHS)
    async with projection.engine.connect() as connection:
        for statement, parameters in reads:
            told = await connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters)
            assert not BIG & {*scanned(told.scalar_one()[0]["Plan"])}, statement


@pytest.mark.parametrize(("page", "status"), [(500, 200), (501, 400)])
async def test_how_far_one_may_page(api: httpx.AsyncClient, page: int, status: int) -> None:
    assert (await api.get(f"/v2/executions?limit=200&page={page}")).status_code == status
