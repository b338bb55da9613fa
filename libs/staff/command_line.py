"""`… staff add|list|roles|reset|disable|enable`: who may log in, in the database of DATABASE_URL."""

import argparse
import asyncio
import getpass
import sys
from collections.abc import Callable

import orjson
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.staff import trail, users
from libs.staff.passwords import Passwords, TooWeak, generated, require_strength
from libs.staff.roles import ROLES
from libs.store.engine import connect
from libs.streaming.ports import Clock, system_clock

Say = Callable[[str], None]
DOES = {
    "add": "make a user and print a password: it is shown this once, and kept as a hash",
    "roles": "give a user these roles and no others",
    "reset": "give a user another password and print it",
    "disable": "let a user in no more; what they did stays on record",
    "enable": "let a user in again",
}


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command and its options."""
    staff = commands.add_parser("staff", help=__doc__, description=__doc__)
    does = staff.add_subparsers(dest="does", required=True)
    does.add_parser("list", help="a line of JSON a user")
    for name, text in DOES.items():
        one = does.add_parser(name, help=text, description=text)
        one.add_argument("--user", required=True)
        if name in ("add", "roles"):
            one.add_argument("--role", required=True, action="append", choices=list(ROLES), help="may be repeated")
        if name == "add":
            one.add_argument("--name", default="", help="as colleagues read it; else the user's")
        if name in ("add", "reset"):
            one.add_argument("--password-stdin", action="store_true", help="read the password instead of making one")


def main(given: argparse.Namespace, database_url: str) -> int:
    """Do what was asked for; 1 where it cannot be done, 2 without a database."""
    if not database_url:
        print("DATABASE_URL is not set: postgresql+asyncpg://… of the service", file=sys.stderr)
        return 2
    try:
        asyncio.run(run(given, database_url))
    except (users.Refused, TooWeak) as problem:
        print(problem, file=sys.stderr)
        return 1
    except (SQLAlchemyError, OSError) as error:
        print(f"the database cannot be used: {type(error).__name__}", file=sys.stderr)
        return 1
    return 0


async def run(given: argparse.Namespace, database_url: str, say: Say = print, clock: Clock = system_clock) -> None:
    """One command, in one transaction."""
    password = await _password(given)
    engine = connect(database_url)
    try:
        async with engine.begin() as connection:
            if given.does == "list":
                for row in await users.listed(connection):
                    told = {str(name): value for name, value in row.items()}
                    say(orjson.dumps(told, option=orjson.OPT_UTC_Z).decode())
                return
            await _do(connection, given, password, clock)
            about = {"user": users.normal(given.user), "roles": getattr(given, "role", None)}
            await trail.note(connection, clock(), f"command:{_who()}", f"STAFF_{given.does.upper()}", details=about)
    finally:
        await engine.dispose()
    told = {"user": users.normal(given.user), "done": given.does}
    say(orjson.dumps(told if password is None or given.password_stdin else {**told, "password": password}).decode())


async def _do(connection: AsyncConnection, given: argparse.Namespace, password: str | None, clock: Clock) -> None:
    hashed = None if password is None else await Passwords().hash(password)
    if given.does == "add":
        await users.add(connection, given.user, given.role, clock(), password_hash=hashed, name=given.name)
    elif given.does == "roles":
        await users.change(connection, given.user, roles=given.role)
    elif given.does == "reset":
        await users.change(connection, given.user, password_hash=hashed)
    else:
        await users.change(connection, given.user, disabled_at=clock() if given.does == "disable" else None)


async def _password(given: argparse.Namespace) -> str | None:
    """The password of a command that sets one; raises TooWeak."""
    if given.does not in ("add", "reset"):
        return None
    if not given.password_stdin:
        return generated()
    password: str = (await asyncio.to_thread(sys.stdin.readline)).rstrip("\n")
    require_strength(password, given.user)
    return password


def _who() -> str:
    """Who gives the command, as far as the machine knows."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return "operator"
