"""Users: made, given roles, disabled and enabled by an operator's commands, or known from a provider."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.staff.roles import ROLES
from libs.staff.tables import sessions, users


class Refused(Exception):
    """What was asked for cannot be done; the text says why."""


def normal(username: str) -> str:
    """A user's name as it is kept."""
    return username.strip().lower()


async def find(connection: AsyncConnection, username: str) -> RowMapping | None:
    """The user of that name, disabled or not."""
    return (await connection.execute(select(users).where(users.c.username == normal(username)))).mappings().first()


async def listed(connection: AsyncConnection) -> list[RowMapping]:
    """All users, without what is kept of their passwords."""
    wanted = (column for column in users.c if column.name != "password_hash")
    return list((await connection.execute(select(*wanted).order_by(users.c.username))).mappings())


async def add(
    connection: AsyncConnection,
    username: str,
    roles: Sequence[str],
    now: datetime,
    *,
    password_hash: str | None = None,
    subject: str | None = None,
    name: str = "",
) -> None:
    """Make a user; raises Refused where the name is taken or a role is none."""
    username = normal(username)
    if not username or any(sign.isspace() or not sign.isprintable() for sign in username):
        raise Refused("a user's name has no spaces")
    if await find(connection, username) is not None:
        raise Refused(f"there is a user {username} already")
    row = {"username": username, "name": name or username, "password_hash": password_hash, "subject": subject}
    await connection.execute(insert(users), {**row, "roles": _known(roles), "created_at": now})


async def change(connection: AsyncConnection, username: str, **values: Any) -> None:
    """Change columns of a user and end their sessions: what they may do is read when they log in next."""
    if "roles" in values:
        values["roles"] = _known(values["roles"])
    username = normal(username)
    done = await connection.execute(update(users).where(users.c.username == username).values(**values))
    if not done.rowcount:
        raise Refused(f"there is no user {username}")
    await connection.execute(delete(sessions).where(sessions.c.username == username))


async def ensure(
    connection: AsyncConnection, username: str, roles: Sequence[str], password_hash: str, now: datetime, name: str = ""
) -> None:
    """A user with this password and these roles, made or made so."""
    if await find(connection, username) is None:
        await add(connection, username, roles, now, password_hash=password_hash, name=name)
    else:
        await change(connection, username, roles=list(roles), password_hash=password_hash)


def _known(roles: Sequence[str]) -> list[str]:
    if not roles or (unknown := [role for role in roles if role not in ROLES]):
        raise Refused(f"no role {', '.join(unknown)}; there are {', '.join(ROLES)}" if roles else "no role was given")
    return list(dict.fromkeys(roles))
