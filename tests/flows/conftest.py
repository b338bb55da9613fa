"""The system, fresh for each test."""

from collections.abc import AsyncIterator

import pytest

from libs.embedded.database import RunningDatabase
from tests.flows.system import System


@pytest.fixture
async def system(embedded_database: RunningDatabase) -> AsyncIterator[System]:
    """One instance of each stateful service, every record delivered once and in order."""
    async with System(embedded_database) as running:
        yield running
