"""The newest table layout of staff, in the database of the service whose pages they use, and users for trials."""

from collections.abc import Sequence

from libs.staff import users
from libs.staff.passwords import Passwords
from libs.store.engine import connect
from libs.store.migrate import migrate
from libs.streaming.ports import Clock, system_clock


async def set_up(database_url: str) -> None:
    """Migrate."""
    await migrate(database_url, "libs.staff")


async def ensure_user(
    database_url: str, username: str, roles: Sequence[str], password: str, name: str = "", clock: Clock = system_clock
) -> None:
    """Let somebody in with this password, whatever they had before."""
    hashed = await Passwords().hash(password)
    engine = connect(database_url)
    try:
        async with engine.begin() as connection:
            await users.ensure(connection, username, roles, hashed, clock(), name)
    finally:
        await engine.dispose()
