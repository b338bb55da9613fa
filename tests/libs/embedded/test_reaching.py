"""A system of a data folder, reached while another process holds it."""

import fcntl
from pathlib import Path

import pytest

from libs.embedded.errors import EmbeddedError
from libs.embedded.reaching import Reached, reach


def test_a_folder_that_no_run_has_used_is_said(tmp_path: Path) -> None:
    with pytest.raises(EmbeddedError, match="no run has used"), reach(tmp_path):
        pass


def test_a_running_system_is_reached_by_what_its_parts_have_written(tmp_path: Path) -> None:
    (tmp_path / "database").mkdir()
    (tmp_path / "database" / "postmaster.pid").write_text("4711\n/data\n1790000000\n25432\n\n127.0.0.1\n")
    (tmp_path / "database.password").write_text("pass:word\n")
    (tmp_path / "token.key").write_text("key\n")
    (tmp_path / "broker").mkdir()
    listeners = "listeners=PLAINTEXT://127.0.0.1:1\nadvertised.listeners=PLAINTEXT://127.0.0.1:29092\n"
    (tmp_path / "broker" / "server.properties").write_text(listeners)
    with (tmp_path / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with reach(tmp_path) as reached:
            database = "postgresql+asyncpg://postgres:pass%3Aword@127.0.0.1:25432/postgres"
            assert reached == Reached("127.0.0.1:29092", database, "key")


def test_a_system_that_is_just_starting_is_said(tmp_path: Path) -> None:
    with (tmp_path / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(EmbeddedError, match="just starting or ending"), reach(tmp_path):
            pass
