"""Migrations: those of the tables that every stateful service has, then those of its own.

`python -m libs.store.migrate services.orchestration "what changes"` writes a new revision against `DATABASE_URL`.
"""

import asyncio
import importlib
import sys
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData, text

from libs.store.engine import connect
from libs.streaming.settings import Settings

SHARED = "libs.store"
ROOT = Path(__file__).resolve().parents[2]


async def migrate(url: str, package: str) -> None:
    """Bring a service's database to the newest layout; `package` is e.g. services.orchestration."""
    engine = connect(url)
    try:
        async with engine.begin() as connection:
            await connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('migrations'))"))
            for one in dict.fromkeys((SHARED, package)):
                await connection.run_sync(_upgrade, one)
    finally:
        await engine.dispose()


def tables_of(package: str) -> MetaData:
    """The tables that a package declares in its `tables.py`."""
    metadata: MetaData = importlib.import_module(f"{package}.tables").metadata
    return metadata


def config(package: str, connection: Connection) -> Config:
    """Alembic's settings for one package's migrations."""
    settings = Config(attributes=_attributes(package, connection))
    settings.set_main_option("script_location", str(ROOT / "libs" / "store" / "migrations"))
    settings.set_main_option("version_locations", str(ROOT / Path(*package.split(".")) / "migrations" / "versions"))
    settings.set_main_option("path_separator", "os")
    return settings


def _attributes(package: str, connection: Connection) -> dict[str, Any]:
    return {
        "connection": connection,
        "metadata": tables_of(package),
        "version_table": f"{package.rpartition('.')[2]}_version",
    }


def _upgrade(connection: Connection, package: str) -> None:
    if (ROOT / Path(*package.split(".")) / "migrations").is_dir():
        command.upgrade(config(package, connection), "head")


def _revise(connection: Connection, package: str, message: str) -> None:
    command.revision(config(package, connection), message=message, autogenerate=True)


async def _write_revision(url: str, package: str, message: str) -> None:
    await migrate(url, package)
    engine = connect(url)
    async with engine.begin() as connection:
        await connection.run_sync(_revise, package, message)
    await engine.dispose()


if __name__ == "__main__":
    asyncio.run(_write_revision(Settings().database_url, *sys.argv[1:3]))
