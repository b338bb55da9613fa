"""A rebuild from the broker's topics comes out equal to the live tables."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from sqlalchemy import text

from libs.events.codec import encode
from libs.events.message import Event
from libs.store.engine import connect
from libs.store.tables import metadata
from libs.streaming.consumer import StatefulConsumer
from libs.streaming.memory import MemoryBroker
from services.results import rebuild, tables
from services.results.purging.tables import metadata as purging
from services.results.service import Results
from tests.services.results import factory
from tests.services.results.conftest import Projection

pytestmark = pytest.mark.asyncio


def happened() -> list[Event]:
    events = [factory.published()]
    for number in range(12):
        begin = factory.onboarded(f"e{number}")
        again = factory.requested(f"e{number}", version=2, individual=factory.person("Newer"))
        events += [begin, begin, *factory.story(begin, hit=number % 3 == 0), factory.amended(begin, version=9)]
        events += [again, *factory.story(again)[:5], factory.onboarded(f"e{number}", seconds=70)]
    return events


@pytest_asyncio.fixture
async def projection(fresh_database_url: str) -> AsyncIterator[Projection]:
    """The live tables, in a database of their own."""
    engine = connect(fresh_database_url)
    async with engine.begin() as connection:
        await connection.run_sync(purging.create_all)
        await tables.create(connection)
    yield Projection(engine)
    await engine.dispose()


@pytest_asyncio.fixture
async def broker(projection: Projection) -> AsyncIterator[MemoryBroker]:
    """What happened lies on the topics, and the live service has taken it."""
    broker = MemoryBroker()
    await broker.producer().send([encode(event) for event in happened()])
    async with projection.engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    consumer = StatefulConsumer(Results(), broker, projection.engine)
    await consumer.start()
    while await consumer.run_once():
        pass
    await consumer.stop()
    yield broker


async def test_a_rebuild_comes_out_equal(projection: Projection, broker: MemoryBroker) -> None:
    said: list[str] = []

    assert await rebuild.run(projection.engine, rebuild.of(broker), check=True, say=said.append) == 0

    assert said[-1] == "equal"
    assert "executions: 24 rows live, 24 rebuilt" in said


async def test_a_difference_is_shown(projection: Projection, broker: MemoryBroker) -> None:
    async with projection.engine.begin() as connection:
        await connection.execute(text("UPDATE projection.executions SET result = 'FAIL' WHERE entity_id = 'e3'"))
    said: list[str] = []

    assert await rebuild.run(projection.engine, rebuild.of(broker), check=True, switch=True, say=said.append) == 1

    assert any(line.startswith("different: executions {'customer_id': 'c1', 'execution_id'") for line in said)
    assert "FAIL" in next(line for line in said if line.startswith("  live:"))


async def test_a_row_too_few_is_shown(projection: Projection, broker: MemoryBroker) -> None:
    async with projection.engine.begin() as connection:
        await connection.execute(text("DELETE FROM projection.overrides WHERE entity_id = 'e3'"))
    await rebuild.rebuild(projection.engine, rebuild.of(broker))

    async with projection.engine.connect() as connection:
        different = await rebuild.compare(connection)

    assert different is not None
    assert (different.table, different.live) == ("overrides", None)


async def test_a_switch_puts_the_rebuilt_tables_live(projection: Projection, broker: MemoryBroker) -> None:
    async with projection.engine.begin() as connection:
        await connection.execute(text("DELETE FROM projection.history"))

    async with projection.engine.connect() as reader:
        counted = text("SELECT count(*) FROM projection.history")
        assert (await reader.execute(counted)).scalar_one() == 0
        await reader.rollback()
        for _ in range(2):
            assert await rebuild.run(projection.engine, rebuild.of(broker), switch=True, say=lambda _: None) == 0
        assert (await reader.execute(counted)).scalar_one() == 12 * 14, "open connections see the new tables"

    async with projection.engine.connect() as connection:
        for schema in (tables.LIVE, rebuild.RETIRED):
            count = await connection.execute(text(f"SELECT count(*) FROM {schema}.history"))
            assert count.scalar_one() == 12 * 14
