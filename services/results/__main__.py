"""The projection as a process: `python -m services.results`, and `python -m services.results rebuild`."""

import argparse
import asyncio
import sys

from libs.store.engine import connect
from libs.streaming.kafka import KafkaBroker
from libs.streaming.service import run_stateful
from libs.streaming.settings import Settings
from services.results import rebuild, tables
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


def main(arguments: list[str]) -> int:
    """Run the service, or rebuild the projection beside it."""
    parser = argparse.ArgumentParser(prog="python -m services.results", description=__doc__)
    commands = parser.add_subparsers(dest="command")
    again = commands.add_parser("rebuild", help="fold the topics again, into tables beside the live ones")
    again.add_argument("--check", action="store_true", help="compare with the live ones, at rest")
    again.add_argument("--switch", action="store_true", help="put the rebuilt tables live; stop the service first")
    given = parser.parse_args(arguments)
    if given.command == "rebuild":
        return asyncio.run(_rebuild(Settings(), check=given.check, switch=given.switch))
    run_stateful(build)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
