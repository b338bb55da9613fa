"""Commands for operators. The database comes from DATABASE_URL, the endpoints from VETSTREAM_NOTIFICATION_ENDPOINTS."""

import argparse
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.delivery import signing
from libs.delivery.attempts import ENDED, PARKED, STATES
from libs.store.engine import connect
from libs.streaming.ports import Clock, system_clock
from libs.streaming.settings import Settings
from services.notifications import store
from services.notifications.deliveries import secret
from services.notifications.settings import NotificationSettings

LISTED = ("id", "customer_id", "purpose", "entity_id", "execution_id", "state", "attempts", "created_at", "due_at")


class NotFound(LookupError):
    """There is none of this name."""


def arguments() -> argparse.ArgumentParser:
    """What the commands take."""
    parser = argparse.ArgumentParser(prog="python -m services.notifications", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    lists = commands.add_parser("list", help="notifications, a JSON line each")
    shows = commands.add_parser("show", help="one: what is told, every attempt, and how it stood")
    shows.add_argument("id", metavar="ID")
    does = "have what has come to an end delivered once more, under the same id: all that is parked unless named"
    replays = commands.add_parser("replay", help=does, description=does)
    replays.add_argument("ids", nargs="*", metavar="ID")
    replays.add_argument("--by", metavar="WHO", default="operator")
    for one, states in ((lists, STATES), (replays, ENDED)):
        one.add_argument("--state", choices=states, action="append", dest="states")
        one.add_argument("--customer", metavar="C")
        one.add_argument("--purpose", metavar="P")
    tells = commands.add_parser("secret", help="what an endpoint checks our signatures with, a line a key")
    tells.add_argument("endpoint", metavar="NAME")
    return parser


async def run(
    asked: argparse.Namespace, settings: Settings, given: NotificationSettings, clock: Clock = system_clock
) -> int:
    """Do what was asked; the exit code."""
    try:
        said = _secrets(asked, given) if asked.command == "secret" else await _in_database(asked, settings, clock)
    except NotFound as error:
        print(error, file=sys.stderr)
        return 1
    print("\n".join(said), end="\n" if said else "")
    return 0


async def _in_database(asked: argparse.Namespace, settings: Settings, clock: Clock) -> list[str]:
    if not settings.database_url:
        raise NotFound("DATABASE_URL must name the database of notifications")
    engine = connect(settings.database_url)
    try:
        async with engine.begin() as connection:
            if asked.command == "list":
                return [_line({name: row[name] for name in LISTED}) for row in await _chosen(connection, asked)]
            if asked.command == "replay":
                return await _replayed(connection, asked, clock)
            return await _shown(connection, asked.id)
    finally:
        await engine.dispose()


async def _chosen(connection: AsyncConnection, asked: argparse.Namespace) -> Sequence[store.Row]:
    return await store.chosen(connection, states=asked.states or (), customer=asked.customer, purpose=asked.purpose)


async def _replayed(connection: AsyncConnection, asked: argparse.Namespace, clock: Clock) -> list[str]:
    states = asked.states or (() if asked.ids else (PARKED,))
    which = {"ids": asked.ids, "states": states, "customer": asked.customer, "purpose": asked.purpose}
    ids = await store.again(connection, asked.by, clock(), **which)
    if missing := sorted(set(asked.ids) - set(ids)):
        raise NotFound(f"{missing[0]} is none that has come to an end")
    return ids


async def _shown(connection: AsyncConnection, id: str) -> list[str]:
    rows = await store.chosen(connection, ids=[id])
    if not rows:
        raise NotFound(f"there is no notification {id}")
    attempts, changes = await store.LOG.attempts_of(connection, id), await store.changes_of(connection, id)
    lines = [{"told": orjson.loads(rows[0]["body"])}, {name: rows[0][name] for name in LISTED}]
    lines += [{name: value for name, value in row.items() if name != "delivery_id"} for row in [*attempts, *changes]]
    return [_line(one) for one in lines]


def _secrets(asked: argparse.Namespace, given: NotificationSettings) -> list[str]:
    master, endpoint = given.master(), given.endpoints().named(asked.endpoint)
    if endpoint is None:
        raise NotFound(f'no endpoint is called "{asked.endpoint}"')
    return [f"{key} {signing.shown(secret(master, endpoint, key))}" for key in endpoint.keys]


def _line(one: Mapping[str, Any]) -> str:
    return orjson.dumps(one, option=orjson.OPT_UTC_Z).decode()
