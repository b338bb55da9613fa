"""`python -m libs.setup`: topics, databases, and what each service sets up for itself. Running it again is harmless."""

import asyncio
import importlib
from pathlib import Path

from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from libs.events.catalogue import topics
from libs.store import roles
from libs.streaming.kafka import KafkaBroker, create_topics
from libs.streaming.replay import keeps_state
from libs.streaming.settings import Settings

RESULTS = "results"
SERVICES = Path(__file__).resolve().parents[1] / "services"


def with_setup() -> list[str]:
    """The services that have something to set up, by name."""
    return sorted(path.parent.name for path in SERVICES.glob("*/setup.py"))


def has_tables(service: str) -> bool:
    """Whether an agent has tables of its own, beside what it is asked and answers."""
    return (SERVICES / service / "tables.py").exists()


def database_url(server: str, service: str) -> str:
    """The URL of a service's own database on a server; `server` is the URL of any database there."""
    return make_url(server).set(database=service).render_as_string(hide_password=False)


def api_url(server: str, password: str) -> str:
    """The URL by which the API is let into the results' database, with its own role's rights."""
    url = make_url(server).set(database=RESULTS, username=roles.API, password=password)
    return url.render_as_string(hide_password=False)


async def ensure_databases(server: str, names: list[str]) -> None:
    """Create the databases that do not exist yet."""
    engine = create_async_engine(server, isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as connection:
            existing = set((await connection.execute(text("SELECT datname FROM pg_database"))).scalars())
            for name in names:
                if name not in existing:
                    await connection.execute(text(f'CREATE DATABASE "{name}"'))
    finally:
        await engine.dispose()


async def set_up(bootstrap: str, server: str, api_password: str) -> None:
    """Make everything that the services expect to find; `server` as for `database_url`. The API's role is given its
    password, unless that is empty."""
    await create_topics(bootstrap, list(topics().values()))
    services = with_setup()
    await ensure_databases(server, [service for service in services if keeps_state(service) or has_tables(service)])
    for service in services:
        module = importlib.import_module(f"services.{service}.setup")
        await module.set_up(database_url(server, service), KafkaBroker(bootstrap))
    if api_password:
        await roles.let_in(server, roles.API, api_password)


async def ensure_api_key(server: str, key: str, customer: str) -> None:
    """Let a key of the API in, with every role."""
    issuing = importlib.import_module(f"services.{RESULTS}.api.issuing")
    await issuing.ensure(database_url(server, RESULTS), key, customer)


if __name__ == "__main__":
    settings = Settings()
    asyncio.run(set_up(settings.kafka_bootstrap, settings.database_url, settings.api_database_password))
