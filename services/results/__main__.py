"""The projection as a process: `python -m services.results`, and with the commands `rebuild` and `purge`."""

import argparse
import asyncio
import sys
from pathlib import Path

from libs.blobs.directory import Directory
from libs.store.engine import connect
from libs.streaming.kafka import KafkaBroker
from libs.streaming.ports import system_clock
from libs.streaming.service import run_stateful
from libs.streaming.settings import Settings
from services.results import rebuild, tables
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
    ends = commands.add_parser("purge", help="remove who was deleted and whose records need not be kept any longer")
    how = ends.add_mutually_exclusive_group(required=True)
    how.add_argument("--dry-run", action="store_true", help="only tell who they are")
    how.add_argument("--now", action="store_true")
    ends.add_argument("--by", metavar="WHO", default="operator", help="told to the audit")
    given = parser.parse_args(arguments)
    if given.command == "rebuild":
        return asyncio.run(_rebuild(Settings(), check=given.check, switch=given.switch))
    if given.command == "purge":
        return asyncio.run(_purge(Settings(), by=given.by, dry_run=given.dry_run))
    run_stateful(build)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
