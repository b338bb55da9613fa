"""The projection's tables on a real database."""

import asyncio
import random
from typing import Any

import pytest
from sqlalchemy import text

from libs.events.models import ExecutionStatus
from services.results import rebuild, tables
from services.results.fold import execution_id
from tests.services.results import factory
from tests.services.results.conftest import Projection

pytestmark = pytest.mark.asyncio


async def rows_of(projection: Projection, table: str, columns: str = "*") -> list[Any]:
    async with projection.engine.connect() as connection:
        return list(await connection.execute(text(f"SELECT {columns} FROM {projection.schema}.{table}")))


def told() -> list[Any]:
    begin = factory.onboarded()
    first, second, *rest = factory.story(begin, hit=True)
    return [
        factory.published(), begin, second, factory.amended(begin, version=9), first, *rest,
        factory.amended(begin, version=10, status=ExecutionStatus.PASS, seconds=101),
        factory.amended(begin, version=10, status=ExecutionStatus.PASS, seconds=102),
    ]  # fmt: skip


@pytest.mark.parametrize("size", [1, 2, 3, 7])
async def test_batches_of_any_size_come_out_equal(projection: Projection, size: int) -> None:
    other = await projection.beside()

    await projection.fold(told(), size)
    await other.fold(told())

    async with projection.engine.connect() as connection:
        assert await rebuild.compare(connection, projection.schema, other.schema) is None
    ((status, version, amendments, waiting),) = await rows_of(
        projection, "executions", "status, version, amendments, waiting"
    )
    assert (status, version, amendments, waiting) == ("PASS", 11, 3, 0)
    assert not await rows_of(projection, "waiting")


async def test_a_repeat_in_a_later_batch_changes_nothing(projection: Projection) -> None:
    events = told()
    await projection.fold(events)
    before = {table: await rows_of(projection, table) for table in tables.metadata.tables}

    await projection.fold(events[1:])

    assert {table: await rows_of(projection, table) for table in tables.metadata.tables} == before


async def test_two_instances_meet_in_one_execution(projection: Projection) -> None:
    """The request and the first steps come on two topics, to two instances, before there is a row to lock."""
    begins = [factory.onboarded(f"e{number}") for number in range(20)]
    steps = [step for begin in begins for step in factory.story(begin)]

    await asyncio.gather(projection.fold(begins, 3), projection.fold(steps[::2], 5), projection.fold(steps[1::2], 5))

    rows = await rows_of(projection, "executions", "state, sequence, waiting, service_name, created_at")
    assert set(rows) == {("COMPLETED", 9, 0, "KYC", factory.at(0))}
    assert len(rows) == 20


@pytest.mark.parametrize("seed", range(4))
async def test_a_story_told_twice_in_any_order_comes_out_equal(projection: Projection, seed: int) -> None:
    begin = factory.onboarded("e1")
    story = [begin, *factory.story(begin)]
    mixed = [*story, *story]
    random.Random(seed).shuffle(mixed)
    other = await projection.beside()

    await projection.fold(story)
    await other.fold(mixed, size=1 + seed)

    async with projection.engine.connect() as connection:
        assert await rebuild.compare(connection, projection.schema, other.schema) is None


async def test_a_nul_in_a_text_does_not_stop_the_projection(projection: Projection) -> None:
    await projection.fold([factory.onboarded(individual=factory.person("Nke\0melu"))])

    ((document,),) = await rows_of(projection, "individuals", "document")
    assert document["name"]["familyName"] == "Nke\ufffdmelu"


async def test_tables_are_made_once_however_many_start(projection: Projection) -> None:
    new = f"{projection.schema}_new"

    async def create() -> None:
        async with projection.engine.begin() as connection:
            await tables.create(connection, new)

    await asyncio.gather(create(), create(), create())

    assert await rows_of(Projection(projection.engine, new), "executions") == []


async def test_customers_with_the_same_ids_are_kept_apart(projection: Projection) -> None:
    mine, theirs = factory.onboarded(customer="c1", id="same"), factory.onboarded(customer="c2", id="same")

    await projection.fold([mine, theirs, *factory.story(mine)])

    rows = await rows_of(projection, "executions", "customer_id, execution_id, state")
    assert sorted(rows) == [("c1", execution_id("same"), "COMPLETED"), ("c2", execution_id("same"), "IN_PROGRESS")]
