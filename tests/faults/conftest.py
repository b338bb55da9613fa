"""The system of this folder: a broker and a database of its own, and every service as a process."""

import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from libs.embedded.broker import start_broker
from libs.embedded.database import start_database
from libs.embedded.processes import Processes
from libs.setup import set_up
from tests.faults.system import API_PASSWORD, RunningSystem, instances

FOLDER = Path(__file__).parent
TIMEOUT_SECONDS = 900  # a machine may be busy with other things; what is waited for has deadlines of its own


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A dozen processes take their time to start, which counts for the first test."""
    for item in items:
        if item.path.is_relative_to(FOLDER):
            item.add_marker(pytest.mark.timeout(TIMEOUT_SECONDS))


@pytest.fixture(scope="package")
async def running_system() -> AsyncIterator[RunningSystem]:
    """Started once for all tests here; each of them leaves it running and undisturbed."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="vetstream-") as folder, Processes(Path(folder)) as processes:
        database = start_database(processes.data)
        processes.add(database.process)
        broker = start_broker(processes.data)
        processes.add(broker.process)
        await set_up(broker.bootstrap, database.url("postgres"), API_PASSWORD)
        system = RunningSystem(processes, broker, database, {one.name: one for one in instances()})
        system.begin()
        try:
            await system.ready()
            print(f"\n{len(system.services)} services ready after {time.monotonic() - begun:.1f} s")
            yield system
        finally:
            for engine in system.engines.values():
                await engine.dispose()


@pytest.fixture(autouse=True)
async def undisturbed(running_system: RunningSystem) -> AsyncIterator[None]:
    """All services run before a test and after it, whatever came of it."""
    await running_system.ready()
    yield
    running_system.undisturbed()
