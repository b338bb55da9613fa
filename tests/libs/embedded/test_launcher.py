# mypy: disable-error-code="import-untyped"
import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypedDict

import asyncpg
import psutil
import pytest

from tests.libs.embedded import kafka
from tests.libs.embedded.polling import until

ROOT = Path(__file__).parents[3]
COMMAND = [sys.executable, "-m", "tests.libs.embedded.launcher"]


class Started(TypedDict):
    bootstrap: str
    url: str
    pids: list[int]


@pytest.fixture
def data() -> Iterator[Path]:
    with TemporaryDirectory(prefix="vetstream-") as folder:
        yield Path(folder)


@contextmanager
def launched(data: Path) -> Iterator[tuple[subprocess.Popen[str], Started]]:
    with subprocess.Popen([*COMMAND, str(data)], cwd=ROOT, stdout=subprocess.PIPE, text=True) as launcher:
        try:
            assert launcher.stdout is not None
            yield launcher, json.loads(launcher.stdout.readline())
        finally:
            launcher.kill()


def alive_on(data: Path, pids: list[int]) -> list[str]:
    """What still runs of a launcher's: its processes by id, and any that works in its folder."""
    left = []
    for process in psutil.process_iter():
        try:
            ours = process.pid in pids or process.cwd().startswith(str(data))
            if ours and process.status() != psutil.STATUS_ZOMBIE:
                left.append(f"{process.pid} {process.name()}")
        except psutil.Error:
            continue
    return left


async def run(url: str, query: str) -> object:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


def test_nothing_outlives_a_killed_launcher_and_the_next_one_finds_the_data(data: Path) -> None:
    with launched(data) as (launcher, started):
        asyncio.run(run(started["url"], "CREATE TABLE t AS SELECT 42 AS answer"))
        asyncio.run(kafka.create(started["bootstrap"], "kept"))
        asyncio.run(kafka.produce(started["bootstrap"], "kept", b"one", b"two"))
        assert len(alive_on(data, started["pids"])) > 3, "the server's own processes are seen too"
        launcher.kill()
        launcher.wait()
        assert until(lambda: not alive_on(data, started["pids"]), seconds=10), alive_on(data, started["pids"])
    with launched(data) as (_, again):
        assert asyncio.run(run(again["url"], "SELECT answer FROM t")) == 42
        assert asyncio.run(kafka.consume(again["bootstrap"], "kept", 2)) == [b"one", b"two"]


def test_a_second_launcher_on_the_folder_is_told_in_one_line(data: Path) -> None:
    with launched(data) as (launcher, started):
        second = subprocess.run([*COMMAND, str(data)], cwd=ROOT, capture_output=True, text=True, timeout=30)
        assert second.returncode == 1
        assert second.stderr == f"process {launcher.pid} already runs on {data}; stop it or use another --data\n"
        assert all(psutil.pid_exists(pid) for pid in started["pids"])
