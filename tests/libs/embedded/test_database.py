# mypy: disable-error-code="import-untyped"
import asyncio
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
import psutil
import pytest

from libs.embedded.database import RunningDatabase, start_database
from libs.embedded.errors import EmbeddedError
from libs.embedded.resources import LOOPBACK
from libs.embedded.testing import fresh_database
from tests.libs.embedded.polling import until

pytest_plugins = ["libs.embedded.testing"]


@pytest.fixture
def data() -> Iterator[Path]:
    """A folder that pytest does not shut to other accounts again."""
    with TemporaryDirectory(prefix="vetstream-") as folder:
        yield Path(folder)


async def ask(url: str, query: str) -> object:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


def test_a_fresh_database_answers(fresh_database_url: str) -> None:
    assert fresh_database_url.startswith("postgresql+asyncpg://")
    version = asyncio.run(ask(fresh_database_url, "SELECT current_setting('server_version_num')"))
    assert str(version).startswith("18")


def test_settings(data: Path) -> None:
    expected = {
        **{"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "checkpoint_timeout": "5min"},
        **{"max_connections": "200", "shared_buffers": "256MB", "server_encoding": "UTF8", "TimeZone": "UTC"},
    }
    database = start_database(data)
    try:
        for setting, value in expected.items():
            assert asyncio.run(ask(database.url("postgres"), f"SELECT current_setting('{setting}')")) == value, setting
    finally:
        database.stop()


def test_one_that_need_not_last_writes_nothing_for_a_crash(embedded_database: RunningDatabase) -> None:
    assert asyncio.run(ask(embedded_database.url("postgres"), "SELECT current_setting('fsync')")) == "off"


def test_fresh_databases_differ_and_making_one_again_is_no_error(embedded_database: RunningDatabase) -> None:
    one, other = fresh_database(embedded_database), fresh_database(embedded_database)
    assert one != other
    asyncio.run(ask(one, "CREATE TABLE t ()"))
    assert embedded_database.ensure_database(one.rsplit("/", 1)[1]) == one
    assert asyncio.run(ask(one, "SELECT to_regclass('t')::text")) == "t"


def test_a_database_can_be_made_under_a_running_loop(embedded_database: RunningDatabase) -> None:
    async def flow() -> object:
        return await ask(fresh_database(embedded_database), "SELECT 1")

    assert asyncio.run(flow()) == 1


@pytest.mark.parametrize("name", ["", "Upper", 'a"b', "a b", "1a", "a" * 64])
def test_a_name_that_is_none_is_refused(embedded_database: RunningDatabase, name: str) -> None:
    with pytest.raises(EmbeddedError, match="not a name for a database"):
        embedded_database.ensure_database(name)


def test_nobody_enters_without_the_password(embedded_database: RunningDatabase) -> None:
    url = embedded_database.url("postgres")
    with pytest.raises(asyncpg.InvalidPasswordError):
        asyncio.run(ask(url.replace(embedded_database.password, "guess"), "SELECT 1"))
    assert embedded_database.password not in repr(embedded_database)
    secret = embedded_database.process.log.parents[1] / "database.password"
    assert secret.stat().st_mode & 0o077 == 0


def test_the_server_is_not_root(embedded_database: RunningDatabase) -> None:
    assert psutil.Process(embedded_database.process.pid).uids().real != 0


def test_data_outlives_a_killed_server_in_a_long_path_that_others_cannot_enter(data: Path) -> None:
    shut = data / "shut"
    shut.mkdir(mode=0o700)
    deep = shut / ("José, deep" * 9) / ("deep" * 20)
    database = start_database(deep)
    try:
        url = database.ensure_database("kept")
        asyncio.run(ask(url, "CREATE TABLE t AS SELECT 42 AS answer"))
        database.process.popen.kill()
        database.process.popen.wait()
        database = start_database(deep)
        assert asyncio.run(ask(database.url("kept"), "SELECT answer FROM t")) == 42
    finally:
        database.stop()
    assert shut.stat().st_mode & 0o006 == 0, "the folders above may be passed, not listed"


def test_a_session_that_outlives_its_killed_server_does_not_block_the_next(data: Path) -> None:
    database = start_database(data)
    url = database.url("postgres")

    async def flow() -> None:
        busy = asyncio.create_task(
            ask(url, "SELECT count(*) FROM generate_series(1, 100000) a, generate_series(1, 100000) b")
        )
        active = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%generate_series%' AND state = 'active'"
        async with asyncio.timeout(20):
            while await ask(url, active) != 2:  # it and this
                await asyncio.sleep(0.02)
        database.process.popen.kill()
        database.process.popen.wait()
        next_one = await asyncio.to_thread(lambda: start_database(data))
        try:
            assert await ask(next_one.url("postgres"), "SELECT 1") == 1
        finally:
            next_one.stop()
        with pytest.raises((asyncpg.PostgresError, OSError)):
            await busy

    try:
        asyncio.run(flow())
    finally:
        database.stop()


def test_a_stale_lock_file_that_names_another_program_is_no_obstacle(data: Path) -> None:
    start_database(data).stop()
    (data / "database" / "postmaster.pid").write_text(f"{os.getppid()}\n{data / 'database'}\n")
    database = start_database(data)
    database.stop()
    assert not (data / "database" / "postmaster.pid").exists()


def test_a_running_server_is_not_disturbed(embedded_database: RunningDatabase) -> None:
    data = embedded_database.process.log.parents[1]
    with pytest.raises(EmbeddedError, match=f"process {embedded_database.process.pid} already runs PostgreSQL"):
        start_database(data)
    assert asyncio.run(ask(embedded_database.url("postgres"), "SELECT 1")) == 1


def test_a_port_in_use_is_one_line(data: Path) -> None:
    with socket.create_server((LOOPBACK, 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(EmbeddedError, match=f"^port {port} is in use, the database needs it.*--database-port$"):
            start_database(data, port)


def test_a_folder_of_another_version_is_refused(data: Path) -> None:
    home = data / "database"
    home.mkdir()
    (home / "PG_VERSION").write_text("16\n")
    with pytest.raises(EmbeddedError, match="was written by PostgreSQL 16, this is 18"):
        start_database(data)


def test_an_orderly_stop_does_not_wait_for_clients(data: Path) -> None:
    database = start_database(data)

    async def flow() -> None:
        connection = await asyncpg.connect(database.url("postgres").replace("+asyncpg", ""))
        await asyncio.to_thread(database.stop)
        connection.terminate()

    asyncio.run(flow())
    assert database.process.exit_code() == 0
    assert database.process.command.stop is signal.SIGINT
    assert until(lambda: not psutil.pid_exists(database.process.pid))
