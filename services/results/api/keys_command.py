"""`python -m services.results.api keys …`: make, list, revoke and expire API keys, with DATABASE_URL of results."""

import argparse
import asyncio
import getpass
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import orjson
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.store.engine import connect
from services.results.api import issuing
from services.results.api.access import ROLES
from services.results.api.issuing import NewKey, Refused
from services.results.api.keys import new_key
from services.results.api.parts import now

Say = Callable[[str], None]


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command and its options."""
    keys = commands.add_parser("keys", help=__doc__, description=__doc__)
    does = keys.add_subparsers(dest="does", required=True)
    create = does.add_parser("create", help="make a key and print it: it is shown this once, and kept as a hash")
    create.add_argument("--customer", required=True, help="X-Frankie-CustomerID")
    create.add_argument("--child", help="X-Frankie-CustomerChildID; else the customer and all its children")
    create.add_argument("--role", required=True, action="append", choices=[*ROLES, "all"], help="may be repeated")
    create.add_argument("--user", help="the one person who has it; else X-Frankie-Username is believed")
    create.add_argument("--per-minute", type=int, help="requests; else API_PER_MINUTE")
    create.add_argument("--days", type=float, help="until it expires; else it does not")
    create.add_argument("--note", help="what it is for")
    lists = does.add_parser("list", help="a line of JSON a key")
    lists.add_argument("--customer")
    revoke = does.add_parser("revoke", help="end a key: it is refused within seconds")
    expire = does.add_parser("expire", help="let a key end at a time, as when another takes its place")
    expire.add_argument("--days", type=float, default=1.0, help="from now; 1 where not given")
    for one in (revoke, expire):
        one.add_argument("key_id", help="as `create` and `list` tell it; not the key itself")


def main(given: argparse.Namespace, database_url: str) -> int:
    """Do what was asked for; 1 where it cannot be done."""
    if not database_url:
        print("DATABASE_URL is not set: postgresql+asyncpg://… of results", file=sys.stderr)
        return 2
    try:
        asyncio.run(run(given, database_url))
    except (Refused, SQLAlchemyError, OSError) as error:
        text = str(error) if isinstance(error, Refused) else f"the database cannot be used: {type(error).__name__}"
        print(text, file=sys.stderr)
        return 1
    return 0


async def run(given: argparse.Namespace, database_url: str, say: Say = print) -> None:
    """One command, in one transaction."""
    engine = connect(database_url)
    try:
        async with engine.begin() as connection:
            await _do(connection, given, say)
    finally:
        await engine.dispose()


async def _do(connection: AsyncConnection, given: argparse.Namespace, say: Say) -> None:
    by = _user()
    if given.does == "create":
        key = new_key()
        key_id = await issuing.issue(connection, key, _asked(given), by, now())
        say(orjson.dumps({"keyId": key_id, "apiKey": key, "customerId": given.customer}).decode())
    elif given.does == "list":
        for row in await issuing.listed(connection, given.customer):
            told = {str(name): value for name, value in row.items()}
            say(orjson.dumps(told, option=orjson.OPT_UTC_Z).decode())
    elif given.does == "revoke":
        await issuing.revoke(connection, given.key_id, by, now())
    else:
        await issuing.expire(connection, given.key_id, now() + timedelta(days=given.days), by, now())


def _user() -> str:
    """Who gives the command, as far as the machine knows."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return "operator"


def _asked(given: argparse.Namespace) -> NewKey:
    ends = datetime.now(UTC) + timedelta(days=given.days) if given.days is not None else None
    roles = ROLES if "all" in given.role else given.role
    return NewKey(given.customer, roles, given.child, given.user, given.per_minute, ends, given.note)
