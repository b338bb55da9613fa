"""What a search for duplicates costs among a million persons of one customer, and what a comparison costs alone.

`python -m tests.benchmarks.duplicates seed [--persons N]` fills the database of DATABASE_URL with these persons.
"""

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from itertools import islice, pairwise
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from libs.embedded.database import start_database
from libs.embedded.processes import Processes
from libs.events.codec import decode
from libs.events.message import Event
from libs.events.models import CheckCompleted, CheckRequested, Individual, Task
from libs.store.engine import connect
from libs.store.migrate import migrate
from libs.streaming.settings import Settings
from libs.streaming.transaction import Transaction
from services.duplicates.compare import compare
from services.duplicates.keys import keys_of
from services.duplicates.policy import policy
from services.duplicates.service import Duplicates
from services.duplicates.traits import Traits, to_json, traits_of
from tests.benchmarks.system import percentile
from tests.quality.people import met_again, people

PERSONS, CHECKS, COMPARISONS = 1_000_000, 1_000, 100_000
CUSTOMER, SEED = "bench", 7
# The names and addresses of so many people are drawn from again and again.
MODELS = 20_000
COPIED = 50_000
NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
BIRTHS = (date(1935, 1, 1).toordinal(), date(2007, 12, 31).toordinal())


def crowd(size: int, seed: int = SEED) -> Iterator[Traits]:
    """Persons with the names and addresses of others, and dates and numbers of their own."""
    draw = Random(seed)
    models = [traits_of(person) for person in people(seed, min(MODELS, size))]
    for _ in range(size):
        given, bearer, housed = draw.choice(models), draw.choice(models), draw.choice(models)
        name = (*given.names[0][:-1], bearer.names[0][-1])
        user = f"{name[0][0]}.{name[-1]}{draw.randrange(1000)}"
        yield Traits(
            names=(name,),
            dob=date.fromordinal(draw.randint(*BIRTHS)).isoformat(),
            addresses=housed.addresses,
            documents=(("PASSPORT", "AUS", f"n{draw.randrange(10**7)}"),),
            emails=(f"{user}@example.org",),
            phones=(f"4{draw.randrange(10**8):08}",),
            towns=housed.towns,
        )


async def fill(engine: AsyncEngine, persons: Iterable[tuple[str, Traits]]) -> None:
    """Copy persons of the customer into empty tables; the index is made afterwards, which takes a third of the time."""
    async with engine.begin() as connection:
        await connection.execute(text("ALTER TABLE person_keys DROP CONSTRAINT person_keys_pkey"))
    left = iter(persons)
    while several := [(entity, traits, keys_of(traits)) for entity, traits in islice(left, COPIED)]:
        rows = [(CUSTOMER, entity, 1, json.dumps(to_json(traits)), sorted(keys)) for entity, traits, keys in several]
        under = [(CUSTOMER, key, entity) for entity, _, keys in several for key in keys]
        async with engine.begin() as connection:
            await _copy(
                connection, "persons", ("customer_id", "entity_id", "entity_version", "individual", "keys"), rows
            )
            await _copy(connection, "person_keys", ("customer_id", "key", "entity_id"), under)
    async with engine.begin() as connection:
        await connection.execute(text("SET LOCAL maintenance_work_mem = '512MB'"))
        await connection.execute(text("ALTER TABLE person_keys ADD PRIMARY KEY (customer_id, key, entity_id)"))
        await connection.execute(text("ANALYZE persons"))
        await connection.execute(text("ANALYZE person_keys"))


async def _copy(connection: AsyncConnection, table: str, columns: Sequence[str], rows: list[tuple[Any, ...]]) -> None:
    driver: Any = (await connection.get_raw_connection()).driver_connection
    await driver.copy_records_to_table(table, records=rows, columns=columns)


def run(persons: int = PERSONS) -> dict[str, Any]:
    """The figures, against a database of their own."""
    return {"comparisons_per_second": _comparisons(), **asyncio.run(_searches(persons))}


def _comparisons() -> int:
    """Pairs compared a second, on one core; the traits are there already, as in the store."""
    weights = policy()[0]
    pairs = [pair for _, pair in zip(range(COMPARISONS), pairwise(crowd(COMPARISONS + 1)), strict=False)]
    begun = time.process_time()
    for one, other in pairs:
        compare(one, other, weights)
    return round(len(pairs) / (time.process_time() - begun))


@asynccontextmanager
async def _database(folder: Path) -> AsyncIterator[AsyncEngine]:
    with Processes(folder) as processes:
        database = start_database(folder)
        processes.add(database.process)
        url = database.ensure_database("duplicates")
        await migrate(url, "services.duplicates")
        engine = connect(url)
        yield engine
        await engine.dispose()


async def _searches(persons: int) -> dict[str, Any]:
    """Every other check is of a person known, met again with two changes; the others are of nobody known."""
    draw = Random(SEED)
    known = list(people(SEED + 1, CHECKS))
    elsewhere, strangers = people(SEED + 2, CHECKS), people(SEED + 3, CHECKS)
    again = [met_again(draw, person, other)[0] for person, other in zip(known, elsewhere, strict=True)]
    with tempfile.TemporaryDirectory(prefix="vetstream-bench-") as folder:
        async with _database(Path(folder)) as engine:
            begun = time.perf_counter()
            filled = [(f"known-{at}", traits_of(one)) for at, one in enumerate(known)]
            await fill(engine, _all(filled, crowd(persons - len(filled))))
            seeded = time.perf_counter() - begun
            both = zip(_named("again", again), _named("new", strangers), strict=True)
            asked = [_request(*one) for pair in both for one in pair]
            await _check(engine, asked[:100])
            taken, found = [], []
            used = time.process_time()
            for request in asked[100:CHECKS]:
                begun = time.perf_counter()
                found += await _check(engine, [request])
                taken.append((time.perf_counter() - begun) * 1000)
            used = time.process_time() - used
            begun = time.perf_counter()
            for at in range(CHECKS, len(asked), 50):
                await _check(engine, asked[at : at + 50])
            return {
                "persons": persons,
                "seed_seconds": round(seeded),
                "p50_ms": round(percentile(taken, 0.5), 1),
                "p99_ms": round(percentile(taken, 0.99), 1),
                "checks_per_second_in_batches_of_50": round((len(asked) - CHECKS) / (time.perf_counter() - begun)),
                "cpu_ms_each": round(used / len(taken) * 1000, 1),
                **_rightness(found),
            }


def _rightness(found: list[tuple[str, list[str]]]) -> dict[str, float]:
    """Of those met again the share that was found, and of all checks the share with a wrong hit."""
    of = {entity: f"known-{entity.partition('-')[2]}" for entity, _ in found}
    again = [of[entity] in hits for entity, hits in found if entity.startswith("again")]
    wrong = [any(hit not in (of[entity], entity) for hit in hits) for entity, hits in found]
    return {"found": round(sum(again) / len(again), 3), "wrong_hit": round(sum(wrong) / len(wrong), 3)}


def _all(first: Iterable[tuple[str, Traits]], rest: Iterable[Traits]) -> Iterator[tuple[str, Traits]]:
    yield from first
    yield from ((f"crowd-{number}", traits) for number, traits in enumerate(rest))


def _named(prefix: str, several: Iterable[Individual]) -> Iterator[tuple[str, Individual]]:
    return ((f"{prefix}-{number}", person) for number, person in enumerate(several))


def _request(entity: str, person: Individual) -> CheckRequested:
    task = Task(
        token=entity, customerId=CUSTOMER, entityId=entity, entityVersion=1, workflowExecutionId=entity,
        requestId=entity, stepName="Duplicates",
    )  # fmt: skip
    return CheckRequested(task=task, individual=person)


async def _check(engine: AsyncEngine, requests: Sequence[CheckRequested]) -> list[tuple[str, list[str]]]:
    """A batch through the service, as it takes one; whom it found for each."""
    async with engine.begin() as connection:
        tx = Transaction(connection, Duplicates.group, NOW)
        events = [
            Event(one.task.token, "duplicates.requested", "bench", NOW, f"{CUSTOMER}:{one.task.entityId}", one)
            for one in requests
        ]
        await _SERVICE.apply(tx, events)
    answers = [data for message in tx.outgoing if isinstance(data := decode(message).data, CheckCompleted)]
    return [
        (one.task.entityId, [finding.duplicateOf or "" for finding in one.result.findings])
        for one in answers
        if one.result
    ]


_SERVICE = Duplicates()


async def _seed(url: str, persons: int) -> None:
    await migrate(url, "services.duplicates")
    engine = connect(url)
    await fill(engine, _all((), crowd(persons)))
    await engine.dispose()


def main() -> None:
    """Seed a database."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.duplicates", description=__doc__)
    seeds = parser.add_subparsers(required=True, metavar="seed").add_parser("seed", help="fill an empty database")
    seeds.add_argument("--persons", type=int, default=PERSONS)
    asyncio.run(_seed(Settings().database_url, parser.parse_args().persons))


if __name__ == "__main__":
    main()
