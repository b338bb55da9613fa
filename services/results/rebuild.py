"""Folding the topics again from their beginning, beside the live tables: what comes out must be equal."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

from sqlalchemy import Table, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from libs.events.codec import Undecodable, decode
from libs.events.message import Event, Message
from libs.events.models import ApplicationSubmitted, EntityOnboarded, WorkflowRequested
from libs.streaming.ports import Broker
from libs.streaming.transaction import Transaction
from services.results import tables
from services.results.purging import store as purging
from services.results.service import Results
from services.results.store import quoted

BATCH = 500

# Every record of these topics from the first to those that are there now, in the order of each partition.
ReadAll: TypeAlias = Callable[[Sequence[str]], AsyncIterator[list[Message]]]

RETIRED = f"{tables.LIVE}_retired"


@dataclass(frozen=True, slots=True)
class Difference:
    """The first row of a table in which two schemas are not equal."""

    table: str
    key: dict[str, str]
    live: str | None
    rebuilt: str | None


def of(broker: Broker) -> ReadAll:
    """Reads a broker's topics, partition by partition."""

    async def read_all(topics: Sequence[str]) -> AsyncIterator[list[Message]]:
        for partition, (start, end) in (await broker.ends(topics)).items():
            for begin in range(start, end, BATCH):
                yield await broker.read(partition, begin, min(begin + BATCH, end))

    return read_all


async def run(
    engine: AsyncEngine,
    read_all: ReadAll,
    *,
    check: bool = False,
    switch: bool = False,
    say: Callable[[str], None] = print,
) -> int:
    """Rebuild, then compare or switch as asked; 0 where all went well and, where compared, all is equal."""
    count = await rebuild(engine, read_all)
    say(f"folded {count} events into {tables.REBUILT}")
    if check:
        async with engine.execution_options(isolation_level="REPEATABLE READ").connect() as connection:
            different = await compare(connection, say=say)
        if different is not None:
            say(f"different: {different.table} {different.key}")
            say(f"  live:    {different.live}")
            say(f"  rebuilt: {different.rebuilt}")
            return 1
        say("equal")
    if switch:
        async with engine.begin() as connection:
            await put_live(connection)
        say(f"{tables.REBUILT} is live; the former tables are kept in {RETIRED}")
    return 0


async def rebuild(engine: AsyncEngine, read_all: ReadAll, schema: str = tables.REBUILT) -> int:
    """Fold everything into fresh tables; returns how many events there were."""
    async with engine.begin() as connection:
        await tables.drop(connection, schema)
        await tables.create(connection, schema)
    results = Results(schema)
    seen: set[int] = set()
    count = 0
    async for messages in read_all(Results.topics):
        events = [event for event in map(_event, messages) if event and _fresh(event, seen)]
        async with engine.begin() as connection:
            await results.apply(Transaction(connection, results.group, datetime.now(UTC)), events)
        count += len(events)
    async with engine.begin() as connection:
        await purging.remove_purged(connection, schema)
    return count


def _event(message: Message) -> Event | None:
    """What cannot be decoded lies among the dead letters of the live service, too."""
    try:
        return decode(message)
    except Undecodable:
        return None


def _fresh(event: Event, seen: set[int]) -> bool:
    """A producer's repeat is not taken a second time, as the inbox has it; the others the fold itself skips."""
    if not isinstance(event.data, EntityOnboarded | WorkflowRequested | ApplicationSubmitted):
        return True
    key = hash((event.source, event.id))
    if key in seen:
        return False
    seen.add(key)
    return True


async def compare(
    connection: AsyncConnection,
    live: str = tables.LIVE,
    rebuilt: str = tables.REBUILT,
    say: Callable[[str], None] = lambda _: None,
) -> Difference | None:
    """The first difference between two schemas, looking at every column of every row."""
    for table in tables.metadata.sorted_tables:
        counts = [await _count(connection, schema, table) for schema in (live, rebuilt)]
        say(f"{table.name}: {counts[0]} rows live, {counts[1]} rebuilt")
        different = await _difference(connection, table, live, rebuilt)
        if different is not None:
            return different
    return None


async def _count(connection: AsyncConnection, schema: str, table: Table) -> int:
    return int((await connection.execute(text(f"SELECT count(*) FROM {quoted(schema)}.{table.name}"))).scalar_one())


async def _difference(connection: AsyncConnection, table: Table, live: str, rebuilt: str) -> Difference | None:
    key = [column.name for column in table.primary_key.columns]
    columns = ", ".join(column.name for column in table.columns)
    keys = ", ".join(key)

    def told(schema: str) -> str:
        return f"(SELECT {keys}, CAST(row({columns}) AS text) AS told FROM {quoted(schema)}.{table.name})"

    found = await connection.execute(
        text(f"""
            SELECT {keys}, a.told AS live, b.told AS rebuilt
            FROM {told(live)} AS a FULL JOIN {told(rebuilt)} AS b USING ({keys})
            WHERE md5(a.told) IS DISTINCT FROM md5(b.told) ORDER BY {keys} LIMIT 1""")
    )
    row = found.mappings().first()
    return None if row is None else Difference(table.name, {n: str(row[n]) for n in key}, row["live"], row["rebuilt"])


async def put_live(connection: AsyncConnection) -> None:
    """Give the rebuilt tables the live name, in the caller's transaction; the former ones are kept aside."""
    await tables.drop(connection, RETIRED)
    for old, new in ((tables.LIVE, RETIRED), (tables.REBUILT, tables.LIVE)):
        await connection.execute(text(f"ALTER SCHEMA {quoted(old)} RENAME TO {quoted(new)}"))
