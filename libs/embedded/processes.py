"""The child processes of one launcher: each with a log, none outliving it, services started again when they exit."""

import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import psutil

from libs.embedded.accounts import Account
from libs.embedded.errors import EmbeddedError
from libs.embedded.records import Record, end_group, reap_leftovers, write_record

_PR_SET_PDEATHSIG = 1
_LOG_LIMIT = 20 * 2**20  # bytes after which a log is put aside at the next start
_BACKOFF = (0.5, 30.0)  # seconds: the first pause before a service is started again, and the longest
_GRACE = 6.0  # seconds; PostgreSQL gives its own children 5
_STEADY = 60.0  # seconds of running after which a service's earlier exits are forgotten


@dataclass(frozen=True)
class Command:
    """What to run and how it ends: `stop` asks for an orderly end, `death` is sent when the launcher itself dies."""

    name: str
    arguments: Sequence[str | Path]
    env: Mapping[str, str] | None = None
    cwd: Path | None = None
    account: Account | None = None
    stop: signal.Signals = signal.SIGTERM
    death: signal.Signals = signal.SIGKILL


@dataclass(frozen=True)
class Process:
    """A running child."""

    command: Command
    popen: subprocess.Popen[bytes]
    log: Path
    log_start: int  # bytes that earlier runs had written
    record_file: Path
    record: Record

    @property
    def name(self) -> str:
        return self.command.name

    @property
    def pid(self) -> int:
        return self.popen.pid

    def exit_code(self) -> int | None:
        """None while it runs."""
        return self.popen.poll()

    def last_lines(self, count: int = 15) -> str:
        """The end of what this run wrote to its log."""
        with self.log.open("rb") as log:
            log.seek(self.log_start)
            return b"".join(deque(log, count)).decode(errors="replace").rstrip()

    def ask_to_stop(self) -> None:
        """Sends the signal of an orderly end."""
        if self.popen.poll() is None:
            self.popen.send_signal(self.command.stop)

    def stop(self, timeout: float = 20.0) -> None:
        """Returns when the process and all that it started have ended, killed if need be."""
        self.ask_to_stop()
        try:
            self.popen.wait(timeout)
        except subprocess.TimeoutExpired:
            self.popen.send_signal(self.command.death)
        end_group(self.record, _GRACE)
        self.popen.wait()
        self.record_file.unlink(missing_ok=True)


def spawn(data: Path, command: Command) -> Process:
    """Starts a child that logs to `<data>/log/<name>.log` and dies with the thread that called this.

    Linux ties the death signal to the calling thread: call it from one that lives as long as the launcher.
    """
    log = data / "log" / f"{command.name}.log"
    with _open_log(log) as output:
        log_start = output.tell()
        try:
            popen = subprocess.Popen(
                [str(argument) for argument in command.arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=None if command.env is None else dict(command.env),
                cwd=command.cwd,
                user=None if command.account is None else command.account.user,
                group=None if command.account is None else command.account.group,
                extra_groups=None if command.account is None else [],
                start_new_session=True,  # Ctrl-C goes to the launcher alone, which stops its children in order
                preexec_fn=tie_to_parent(command.death),
            )
        except OSError as error:
            raise EmbeddedError(f"{command.name} could not be started: {error}") from error
    try:
        record = Record(command.name, popen.pid, psutil.Process(popen.pid).create_time(), command.death)
        return Process(command, popen, log, log_start, write_record(data / "run", record), record)
    except BaseException:  # such as a full disk: what is not recorded shall not run
        popen.kill()
        popen.wait()
        raise


def _open_log(log: Path) -> IO[bytes]:
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > _LOG_LIMIT:
        log.replace(log.with_suffix(".log.1"))
    return log.open("ab")


def tie_to_parent(death: signal.Signals) -> Callable[[], None] | None:
    """Runs in the child, after the change of user (which would undo it) and before the program."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    parent = os.getpid()

    def tie() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(death), 0, 0, 0)
        if os.getppid() != parent:  # it died before the line above
            os._exit(1)

    return tie


@dataclass(frozen=True)
class Exit:
    """A service that ended by itself and is started again after a pause (seconds)."""

    name: str
    code: int
    last_lines: str
    pause: float


@dataclass
class _Service:
    process: Process
    started: float
    exits: int = 0
    due: float | None = None


@dataclass
class Processes:
    """All children of the launcher that holds the data folder; use it as a context manager."""

    data: Path
    reaped: list[str] = field(default_factory=list)
    _lock: IO[str] | None = None
    _parts: list[Process] = field(default_factory=list)
    _services: list[_Service] = field(default_factory=list)

    def __enter__(self) -> Self:
        """Takes the data folder and ends what a killed launcher left on it."""
        self._lock = _take(self.data)
        self.reaped = reap_leftovers(self.data / "run")
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        self.stop_all()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def add(self, process: Process) -> Process:
        """Takes charge of a child that others depend on: its exit is an error."""
        self._parts.append(process)
        return process

    def start(self, command: Command, restart: bool = False) -> Process:
        """Starts a child; with `restart` it is a service, which comes back when it exits."""
        process = spawn(self.data, command)
        if restart:
            self._services.append(_Service(process, time.monotonic()))
            return process
        return self.add(process)

    def check(self, now: float) -> list[Exit]:
        """Starts again the services whose pause is over and returns those newly ended; raises where a part ended.

        `now` is on the clock of `time.monotonic`.
        """
        for part in self._parts:
            if (code := part.exit_code()) is not None:
                raise EmbeddedError(f"{part.name} ended with {_code(code)}; see {part.log}\n{part.last_lines()}")
        return [ended for service in self._services if (ended := self._look_after(service, now)) is not None]

    def watch(self, until: threading.Event, report: Callable[[Exit], None], every: float = 0.2) -> None:
        """Checks until the event is set; call it from the thread that started the children."""
        while not until.wait(every):
            for ended in self.check(time.monotonic()):
                report(ended)

    def _look_after(self, service: _Service, now: float) -> Exit | None:
        if service.due is not None:
            if now >= service.due:
                service.process = spawn(self.data, service.process.command)
                service.started, service.due = now, None
            return None
        code = service.process.exit_code()
        if code is None:
            return None
        service.process.stop()  # what the service itself had started goes too
        service.exits = 1 if now - service.started >= _STEADY else service.exits + 1
        pause = min(_BACKOFF[0] * 2 ** (service.exits - 1), _BACKOFF[1])
        service.due = now + pause
        return Exit(service.process.name, code, service.process.last_lines(), pause)

    def stop_all(self) -> None:
        """Services first, all at once, then the parts that they depend on, the last started first."""
        for service in reversed(self._services):
            service.process.ask_to_stop()
        for service in reversed(self._services):
            service.process.stop()
        self._services.clear()
        while self._parts:
            self._parts.pop().stop()


def _code(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"


def _take(data: Path) -> IO[str]:
    """The lock on the data folder, which the system frees when this process ends in any way."""
    data.mkdir(parents=True, exist_ok=True)
    lock = (data / "lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        holder = lock.read().strip()
        lock.close()
        raise EmbeddedError(f"process {holder} already runs on {data}; stop it or use another --data") from None
    lock.seek(0)
    lock.truncate()
    lock.write(f"{os.getpid()}\n")
    lock.flush()
    return lock
