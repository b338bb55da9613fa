"""Commands for operators. The database comes from DATABASE_URL."""

import argparse
import sys
from uuid import uuid4

import orjson
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.store.engine import connect
from libs.streaming.ports import Clock, system_clock
from libs.streaming.settings import Settings
from services.monitoring import alerting, lists
from services.monitoring.rules import TYPES


def arguments() -> argparse.ArgumentParser:
    """What the commands take."""
    parser = argparse.ArgumentParser(prog="python -m services.monitoring", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    does = "tell that something has come up about a person who is watched: the MONITORING workflows run"
    alert = commands.add_parser("alert", help=does, description=does)
    alert.add_argument("--customer", metavar="C", required=True)
    alert.add_argument("--entity", metavar="E", required=True)
    alert.add_argument("--type", choices=TYPES, required=True)
    alert.add_argument("--reason", metavar="TEXT", required=True, help="kept and told: no personal data")
    alert.add_argument("--by", metavar="WHO", default="operator")
    does = "what came of every change of a watchlist, a JSON line each"
    receipts = commands.add_parser("receipts", help=does, description=does)
    receipts.add_argument("--list", metavar="ID", help="of one list only")
    return parser


async def run(asked: argparse.Namespace, settings: Settings, clock: Clock = system_clock) -> int:
    """Do what was asked; the exit code."""
    if not settings.database_url:
        return _say("DATABASE_URL must name the database of monitoring")
    engine = connect(settings.database_url)
    try:
        async with engine.begin() as connection:
            said = await (
                _alert(asked, connection, clock) if asked.command == "alert" else _receipts(asked, connection)
            )
    except alerting.NotWatched as error:
        return _say(str(error))
    finally:
        await engine.dispose()
    print("\n".join(said), end="\n" if said else "")
    return 0


async def _alert(asked: argparse.Namespace, connection: AsyncConnection, clock: Clock) -> list[str]:
    alert_id = str(uuid4())
    person = (asked.customer, asked.entity)
    await alerting.report(connection, person, asked.type, asked.reason, asked.by, alert_id, clock())
    return [alert_id]


async def _receipts(asked: argparse.Namespace, connection: AsyncConnection) -> list[str]:
    return [orjson.dumps(one, option=orjson.OPT_UTC_Z).decode() for one in await lists.receipts(connection, asked.list)]


def _say(line: str) -> int:
    print(line, file=sys.stderr)
    return 1
