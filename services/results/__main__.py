"""The projection as a process: `python -m services.results`, and with the commands `rebuild`, `log` and `purge`."""

import argparse
import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from libs.blobs.directory import Directory
from libs.store.engine import connect
from libs.streaming.kafka import KafkaBroker
from libs.streaming.ports import system_clock
from libs.streaming.service import run_stateful
from libs.streaming.settings import Settings
from services.results import log, rebuild, tables
from services.results.purging import command as purge
from services.results.service import Results
from services.results.settings import PolicySettings
from services.results.webhooks.raising import Raising


def build(settings: Settings) -> Results:
    """The service, its tables made where they are missing."""
    asyncio.run(_prepare(settings))
    return Results(policy=PolicySettings().policy(), raising=Raising(tables.LIVE))


async def _prepare(settings: Settings) -> None:
    engine = connect(settings.database_url)
    async with engine.begin() as connection:
        await tables.create(connection)
    await engine.dispose()


async def _rebuild(settings: Settings, *, check: bool, switch: bool) -> int:
    engine = connect(settings.database_url)
    try:
        return await rebuild.run(engine, rebuild.of(KafkaBroker(settings.kafka_bootstrap)), check=check, switch=switch)
    finally:
        await engine.dispose()


async def _tell(settings: Settings, customer: str, wanted: log.Filter, format: str) -> None:
    engine = connect(settings.database_url).execution_options(schema_translate_map={None: tables.LIVE})
    if format == "csv":
        sys.stdout.write(log.csv_header())
    async with engine.connect() as connection:
        async for one in log.stream(connection, log.query(customer, wanted)):
            sys.stdout.write(log.as_csv(one) if format == "csv" else log.as_jsonl(one))
    await engine.dispose()


def _time(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


async def _purge(settings: Settings, *, by: str, dry_run: bool) -> int:
    engine = connect(settings.database_url)
    blobs = Directory(Path(settings.blobs_directory)) if settings.blobs_directory else None
    try:
        await purge.run(engine, blobs, system_clock(), by=by, dry_run=dry_run)
    except purge.NoBlobs as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        await engine.dispose()
    return 0


def main(arguments: list[str]) -> int:
    """Run the service, rebuild the projection beside it, or purge."""
    parser = argparse.ArgumentParser(prog="python -m services.results", description=__doc__)
    commands = parser.add_subparsers(dest="command")
    again = commands.add_parser("rebuild", help="fold the topics again, into tables beside the live ones")
    again.add_argument("--check", action="store_true", help="compare with the live ones, at rest")
    again.add_argument("--switch", action="store_true", help="put the rebuilt tables live; stop the service first")
    tells = commands.add_parser("log", help="who did what, when, on which data and by which rules, a line an entry")
    tells.add_argument("--customer", required=True)
    tells.add_argument("--format", choices=("jsonl", "csv"), default="jsonl")
    tells.add_argument("--after", type=_time, help="from this time on, e.g. 2026-03-01T12:00+00:00")
    tells.add_argument("--before", type=_time)
    tells.add_argument("--step", action="append", default=[])
    tells.add_argument("--result", action="append", default=[])
    tells.add_argument("--execution")
    ends = commands.add_parser("purge", help="remove who was deleted and whose records need not be kept any longer")
    how = ends.add_mutually_exclusive_group(required=True)
    how.add_argument("--dry-run", action="store_true", help="only tell who they are")
    how.add_argument("--now", action="store_true")
    ends.add_argument("--by", metavar="WHO", default="operator", help="told to the audit")
    given = parser.parse_args(arguments)
    if given.command == "log":
        wanted = log.Filter(given.after, given.before, given.step, given.result, given.execution)
        asyncio.run(_tell(Settings(), given.customer, wanted, given.format))
        return 0
    if given.command == "rebuild":
        return asyncio.run(_rebuild(Settings(), check=given.check, switch=given.switch))
    if given.command == "purge":
        return asyncio.run(_purge(Settings(), by=given.by, dry_run=given.dry_run))
    run_stateful(build)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
