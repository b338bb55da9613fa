"""The whole system on this machine: broker, database and services started, a sample sent through it, all ended."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from rich.console import Console

from libs.embedded import display, outside
from libs.embedded.applications import keeping, screening
from libs.embedded.applications.case import Applied
from libs.embedded.applications.making import SEED, make
from libs.embedded.broker import start_broker
from libs.embedded.database import start_database
from libs.embedded.errors import EmbeddedError
from libs.embedded.http import answers_200
from libs.embedded.processes import Exit, Processes
from libs.embedded.resources import LOOPBACK, free_port, require_free, require_space
from libs.embedded.sample import answers
from libs.embedded.sample.onboarding import onboard, publish_lists, report
from libs.embedded.sample.people import CUSTOMER, read_people
from libs.embedded.secret_files import kept_secret
from libs.embedded.services import Service, Surroundings, command, scraped, services
from libs.setup import database_url, ensure_api_key, set_up

ONBOARDING, PRESCREENING = "onboarding", "prescreening"
APPLICATIONS = "applications"  # where the sample of a run lies
READY_TIMEOUT = 180.0  # seconds without another service getting ready
METRICS = "metrics.json"  # where each service is scraped
_SPACE = 700 * 2**20
_LOOK = 0.2
_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True)
class Options:
    """What a run is asked for; ports that are None are free ones."""

    data: Path
    sample: Path
    api_port: int
    broker_port: int | None
    database_port: int | None
    exit: bool
    workflow: str = ONBOARDING

    @property
    def api(self) -> str:
        """The address of the API."""
        return f"http://{LOOPBACK}:{self.api_port}"


def run(options: Options, out: Console) -> int:
    """Returns the exit code: 0 where every outcome of the sample was the expected one."""
    people = [] if options.workflow == PRESCREENING else read_people(options.sample)
    require_free(options.api_port, "API", "--api-port")
    require_space(options.data, _SPACE)
    with _stopped_by_signals(), Processes(options.data.absolute()) as processes, _undisturbed_end(out):
        if processes.reaped:
            out.print(f"ended what an earlier run had left: {', '.join(processes.reaped)}")
        launcher = Launcher(processes, options, out)
        applied = _applications(processes.data, out) if options.workflow == PRESCREENING else []
        bootstrap = launcher.start()
        key = _api_key(processes.data)
        if applied:
            code = screening.report(
                screening.screen(applied, bootstrap, options.api, key, out, launcher.look_after), out
            )
            example = screening.path(applied[0].entityId)
        else:
            everybody = onboard(people, bootstrap, options.api, key, out, pause=launcher.look_after)
            code = report(everybody, len(people), out)
            example = answers.execution_path(everybody[0].person.entityId, answers.execution_of(everybody[0].event.id))
        if options.exit:
            return code
        _tell_address(options, bootstrap, key, example, out)
        launcher.look_after_until_stopped()
        return code


class Launcher:
    """Starts the parts in their order and keeps them running."""

    def __init__(self, processes: Processes, options: Options, out: Console) -> None:
        self._processes = processes
        self._options = options
        self._out = out

    def start(self) -> str:
        """Start everything and return where the broker is, once every service is ready."""
        begun = time.monotonic()
        data = self._processes.data
        with display.waiting(self._out, "starting the database"):
            database = start_database(data, self._options.database_port)
            self._processes.add(database.process)
        with display.waiting(self._out, "starting the broker (its first start downloads it)"):
            broker = start_broker(data, self._options.broker_port)
            self._processes.add(broker.process)
        with display.waiting(self._out, "setting up topics, databases and reference data"):
            api_password = kept_secret(data / "api.password")
            asyncio.run(set_up(broker.bootstrap, database.url("postgres"), api_password))
            asyncio.run(ensure_api_key(database.url("postgres"), _api_key(data), CUSTOMER))
            publish_lists(broker.bootstrap)
            if self._screens:
                load_book(data / APPLICATIONS, database_url(database.url("postgres"), PRESCREENING))
        token_key, webhook_key = (kept_secret(data / name) for name in ("token.key", "webhook.key"))
        outside_port = free_port()
        self._processes.start(outside.command(data, outside_port, webhook_key), restart=True)
        around = Surroundings(
            data, broker.bootstrap, database.url("postgres"), token_key, webhook_key, api_password,
            outside.endpoints(outside_port), str(data / APPLICATIONS) if self._screens else "",
        )  # fmt: skip
        everyone = services(self._options.api_port)
        with display.waiting(self._out, f"starting {len(everyone)} services") as tell:
            for service in everyone:
                self._processes.start(command(service, around), restart=True)
            self._wait(everyone, tell)
        (data / METRICS).write_text(scraped(everyone))
        self._out.print(f"ready after {time.monotonic() - begun:.1f} s")
        return broker.bootstrap

    @property
    def _screens(self) -> bool:
        return self._options.workflow == PRESCREENING

    def look_after(self, seconds: float) -> None:
        """Let the time pass while services that end are reported and started again."""
        for ended in self._processes.check(time.monotonic()):
            self._report(ended)
        time.sleep(seconds)

    def look_after_until_stopped(self) -> None:
        """Keep the system up until somebody ends it."""
        with contextlib.suppress(KeyboardInterrupt):
            while True:
                self.look_after(_LOOK)

    def _wait(self, everyone: list[Service], tell: display.Tell) -> None:
        missing, last = list(everyone), time.monotonic()
        while missing:
            self.look_after(_LOOK)
            still = [service for service in missing if not answers_200(service.ready_url)]
            if len(still) < len(missing):
                missing, last = still, time.monotonic()
            names = ", ".join(service.name for service in missing)
            if time.monotonic() - last > READY_TIMEOUT:
                log = self._processes.data / "log"
                raise EmbeddedError(f"not ready after {READY_TIMEOUT:.0f} s: {names}; see {log}")
            tell(f"waiting for {names}")

    def _report(self, ended: Exit) -> None:
        log = self._processes.data / "log" / f"{ended.name}.log"
        again = f"started again in {ended.pause:g} s"
        last = ended.last_lines.rpartition("\n")[2]
        self._out.print(f"{ended.name} ended with code {ended.code}, {again}; see {log}: {last}", markup=False)


@contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """Ctrl-C, SIGTERM and a closed terminal end the block in an orderly way."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, stop) for number in _STOPPING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _undisturbed_end(out: Console) -> Iterator[None]:
    """Once the end has begun, a second Ctrl-C does not cut it short."""
    try:
        yield
    finally:
        for number in _STOPPING:
            signal.signal(number, signal.SIG_IGN)
        out.print("stopping")


def _applications(data: Path, out: Console) -> list[Applied]:
    """A new sample for each run over the same data: nobody applies twice."""
    folder = data / APPLICATIONS
    runs = folder / "runs"
    seed = int(runs.read_text()) + 1 if runs.exists() else SEED
    with display.waiting(out, "writing applications, statements and registers"):
        cases = make(seed, datetime.now(UTC).date())
        keeping.write(cases, folder, data / "blobs")
        runs.write_text(str(seed))
    return [case.applied for case in cases]


def load_book(folder: Path, url: str) -> None:
    """Make the sample's loans the book of its customer; raises EmbeddedError."""
    command = [sys.executable, "-m", "services.prescreening.stores.loading", CUSTOMER, str(folder / keeping.LOANS)]
    done = subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise EmbeddedError(f"the book of loans was not loaded: {done.stderr.strip()}")


def _api_key(data: Path) -> str:
    """The key of the sample's customer, with every role."""
    return kept_secret(data / "api.key", "vsk_")


def _tell_address(options: Options, bootstrap: str, key: str, path: str, out: Console) -> None:
    headers = " ".join(f"-H '{name}: {value}'" for name, value in answers.headers(key).items())
    lines = (
        f"\nAPI: {options.api} (customer {CUSTOMER}; documentation at {options.api}/docs), Kafka: {bootstrap}",
        f"key: {key}",
        f"one person: curl -s {headers} {options.api}{path}",
        "Ctrl-C stops everything; the data stays in " + str(options.data),
    )
    for line in lines:
        out.print(line, soft_wrap=True, markup=False)
