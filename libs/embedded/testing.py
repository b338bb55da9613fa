"""pytest fixtures of the real broker and the real database, one pair a test session.

A test package takes them with `pytest_plugins = ["libs.embedded.testing"]` in the root `conftest.py`.
"""

import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from libs.embedded.broker import RunningBroker, start_broker
from libs.embedded.database import RunningDatabase, start_database
from libs.embedded.processes import Processes


def fresh_database(database: RunningDatabase, prefix: str = "test", copy_of: str = "template1") -> str:
    """The URL of a new database, empty or a copy of one that nobody is connected to."""
    return database.ensure_database(f"{prefix}_{secrets.token_hex(6)}", copy_of)


@pytest.fixture(scope="session")
def embedded_processes() -> Iterator[Processes]:
    """What runs for this test session, in a folder that goes with it."""
    with tempfile.TemporaryDirectory(prefix="vetstream-") as folder, Processes(Path(folder)) as processes:
        yield processes


@pytest.fixture(scope="session")
def embedded_broker(embedded_processes: Processes) -> RunningBroker:
    """The Kafka broker of this test session."""
    broker = start_broker(embedded_processes.data)
    embedded_processes.add(broker.process)
    return broker


@pytest.fixture(scope="session")
def embedded_database(embedded_processes: Processes) -> RunningDatabase:
    """The PostgreSQL server of this test session."""
    database = start_database(embedded_processes.data, lasting=False)
    embedded_processes.add(database.process)
    return database


@pytest.fixture
def fresh_database_url(embedded_database: RunningDatabase) -> str:
    """An empty database for one test."""
    return fresh_database(embedded_database)
