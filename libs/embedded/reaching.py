"""A system of `make run`, reached from another process: as it runs, or with its database and broker started for it."""

import contextlib
import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL

from libs.embedded.broker import start_broker
from libs.embedded.database import USER, start_database
from libs.embedded.errors import EmbeddedError
from libs.embedded.processes import Processes
from libs.embedded.resources import LOOPBACK

_PORT_LINE = 3  # of postmaster.pid, from 0


@dataclass(frozen=True)
class Reached:
    """Where the broker and the database answer; `database` is the URL of any database there."""

    bootstrap: str
    database: str
    token_key: str


@contextmanager
def reach(data: Path) -> Iterator[Reached]:
    """The system of a data folder; what had to be started for it ends with the block. Raises EmbeddedError."""
    if not (data / "lock").exists():
        raise EmbeddedError(f"no run has used {data}: use `make run`, or set DATABASE_URL and KAFKA_BOOTSTRAP")
    if _is_in_use(data):
        yield _running(data)
        return
    with Processes(data.absolute()) as processes:
        database = start_database(data)
        processes.add(database.process)
        broker = start_broker(data)
        processes.add(broker.process)
        yield Reached(broker.bootstrap, database.url("postgres"), _token_key(data))


def _is_in_use(data: Path) -> bool:
    """A launcher holds the folder."""
    with (data / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def _running(data: Path) -> Reached:
    """What the parts of a running system have written of themselves."""
    try:
        port = int((data / "database" / "postmaster.pid").read_text().splitlines()[_PORT_LINE])
        password = (data / "database.password").read_text().strip()
        properties = (data / "broker" / "server.properties").read_text()
        listeners = next(line for line in properties.splitlines() if line.startswith("advertised.listeners="))
    except (OSError, ValueError, IndexError, StopIteration):
        raise EmbeddedError(f"the system of {data} is just starting or ending: try again in a moment") from None
    url = URL.create("postgresql+asyncpg", USER, password, LOOPBACK, port, "postgres")
    return Reached(listeners.rpartition("//")[2], url.render_as_string(hide_password=False), _token_key(data))


def _token_key(data: Path) -> str:
    with contextlib.suppress(FileNotFoundError):
        return (data / "token.key").read_text().strip()
    return ""
