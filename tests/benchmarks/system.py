"""The whole system for a benchmark: its processes, their CPU and memory, and people to onboard."""

import asyncio
import itertools
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import psutil
from aiokafka import AIOKafkaConsumer

from libs.documents.making import make_mrz
from libs.embedded.broker import start_broker
from libs.embedded.database import start_database
from libs.embedded.http import answers_200
from libs.embedded.processes import Process, Processes
from libs.embedded.resources import free_port
from libs.embedded.services import Surroundings, command, services
from libs.events.codec import decode
from libs.events.message import Event, Message
from libs.events.models import Document, EntityOnboarded, Individual, WorkflowProgressed
from libs.events.record import Record
from libs.setup import set_up
from services.kyc.population import population

API_PASSWORD = "the API's, for the benchmark"


@dataclass
class Measured:
    """The running system."""

    bootstrap: str
    database: str
    api: str
    processes: dict[str, Process]
    faces: dict[str, str]

    def cpu(self) -> dict[str, float]:
        """CPU seconds used so far, by process with its children."""
        used = {name: _seconds(process.pid) for name, process in self.processes.items()}
        return used | {"benchmark": time.process_time()}

    def memory(self) -> dict[str, int]:
        """Resident memory by process with its children, MB (shared pages counted once, as PSS)."""
        return {name: _megabytes(process.pid) for name, process in self.processes.items()}


@contextmanager
def running(folder: Path) -> Iterator[Measured]:
    """Everything that `make run` starts and a second API, warm and ready."""
    with Processes(folder) as processes:
        database, broker = start_database(folder), start_broker(folder)
        parts = {"postgres": processes.add(database.process), "kafka": processes.add(broker.process)}
        server = database.url("postgres")
        asyncio.run(set_up(broker.bootstrap, server, API_PASSWORD))
        around = Surroundings(folder, broker.bootstrap, server, "a key for a benchmark", "another", API_PASSWORD, "web")
        everyone = services(free_port())
        shared = {**os.environ, "API_SHARE_PORT": "true"}
        for service in everyone:
            parts[service.name] = processes.start(command(service, around, shared))
        # One process of Python has one core: what is asked of the API is asked of two of them.
        second = command(replace(everyone[-1], metrics=free_port()), around, shared)
        parts["api-2"] = processes.start(replace(second, name="api-2"))
        deadline = time.monotonic() + 120
        while not all(answers_200(service.ready_url) for service in everyone):
            assert time.monotonic() < deadline, "the services did not get ready"
            time.sleep(0.2)
        faces = {service.name: service.address for service in everyone if service.face}
        yield Measured(broker.bootstrap, server, f"http://127.0.0.1:{everyone[-1].port}", parts, faces)


def onboardings() -> Iterator[Event]:
    """People of the shipped register with a passport, so that each of the seven checks has work.

    Once they are through, another customer takes them on: nobody is taken on twice by one.
    """
    with_passport = [
        individual.model_copy(update={"documents": [_readable(individual, individual.documents[0])]})
        for individual in itertools.islice((person.individual for person in population()), 1500)
        if individual.documents and individual.documents[0].type == "PASSPORT"
    ]
    for round in itertools.count(1):
        for person in with_passport:
            customer = f"bench-{round}"
            data = EntityOnboarded(customerId=customer, entityId=str(uuid4()), individual=person)
            yield made("entity.onboarded", customer, data)


def _readable(person: Individual, passport: Document) -> Document:
    assert person.dateOfBirth is not None
    mrz = make_mrz(
        issuer=passport.country,
        number=passport.primaryIdentifier or "",
        familyName=person.name.familyName,
        givenNames=" ".join(filter(None, (person.name.givenName, person.name.middleName))),
        birth=person.dateOfBirth.normalized,
        expiry=passport.expiryDate or "2031-01-01",
        sex="<",
    )
    return passport.model_copy(update={"mrz": mrz})


def made(topic: str, customer: str, data: Record) -> Event:
    """An event of a producer, now."""
    entity = getattr(data, "entityId", "")
    return Event(str(uuid4()), topic, "benchmark", datetime.now(UTC), f"{customer}:{entity}", data)


class Ends:
    """Hears from workflow.progressed which executions have ended, and with what state."""

    def __init__(self, bootstrap: str) -> None:
        self._consumer = AIOKafkaConsumer(
            "workflow.progressed", bootstrap_servers=bootstrap, auto_offset_reset="latest", fetch_max_wait_ms=50
        )
        self.states: dict[str, str] = {}

    async def __aenter__(self) -> "Ends":
        await self._consumer.start()
        await self._consumer.seek_to_end()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._consumer.stop()

    async def told(self) -> int:
        """How many steps have been told by now, of all executions."""
        return sum((await self._consumer.end_offsets(self._consumer.assignment())).values())

    async def hear(self, wait_ms: int = 20) -> int:
        """Take in what is new; returns how many executions ended."""
        batches = await self._consumer.getmany(timeout_ms=wait_ms)
        records = [record for several in batches.values() for record in several]
        before = len(self.states)
        for record in records:
            data = decode(Message(record.topic, record.key, record.value, tuple(record.headers))).data
            assert isinstance(data, WorkflowProgressed)
            if data.state != "RUNNING":
                self.states[data.workflowExecutionId] = data.state
        return len(self.states) - before


def per_unit(before: dict[str, float], after: dict[str, float], count: int) -> dict[str, float]:
    """CPU milliseconds of each process for one of `count`."""
    return {name: round((after[name] - before[name]) * 1000 / count, 2) for name in after}


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _seconds(pid: int) -> float:
    total = 0.0
    for process in _family(pid):
        try:
            times = process.cpu_times()
            total += times.user + times.system
        except psutil.NoSuchProcess:
            continue
    return total


def _megabytes(pid: int) -> int:
    total = 0
    for process in _family(pid):
        try:
            total += process.memory_full_info().pss
        except psutil.NoSuchProcess:
            continue
    return round(total / 2**20)


def _family(pid: int) -> list[psutil.Process]:
    parent = psutil.Process(pid)
    return [parent, *parent.children(recursive=True)]
