"""The whole system as processes on a real broker and a real database, with hands to disturb it."""

import asyncio
import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import psutil
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from libs.embedded.broker import RunningBroker
from libs.embedded.database import RunningDatabase
from libs.embedded.http import answers_200
from libs.embedded.processes import Exit, Process, Processes, _Service
from libs.embedded.resources import free_port
from libs.embedded.services import ROOT, Service, Surroundings, command
from libs.events.catalogue import answered_by, topics
from libs.events.codec import encode
from libs.events.message import Event, Message, Partition
from libs.streaming.kafka import KafkaBroker
from libs.streaming.replay import keeps_state

TOKEN_KEY = "the secret of these tests"
API_PASSWORD = "the API's of these tests"
AGENTS = tuple(service for service in answered_by().values() if not keeps_state(service))
STATEFUL = ("duplicates", "monitoring", "notifications", "orchestration", "results")
EVERY_SECONDS = 0.1


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    lines: list[str]


def instances() -> list[Service]:
    """One process a check, two of each service that keeps state."""
    names = [(agent, agent) for agent in AGENTS] + [(f"{one}-{n}", one) for one in STATEFUL for n in (1, 2)]
    return [Service(name, f"services.{service}", service, free_port()) for name, service in names]


@dataclass
class RunningSystem:
    """Everything that runs; `exits` are the services that ended and were started again."""

    processes: Processes
    broker_process: RunningBroker
    database: RunningDatabase
    services: dict[str, Service]
    exits: list[Exit] = field(default_factory=list)
    engines: dict[str, AsyncEngine] = field(default_factory=dict)

    @property
    def bootstrap(self) -> str:
        return self.broker_process.bootstrap

    @property
    def broker(self) -> KafkaBroker:
        return KafkaBroker(self.bootstrap)

    # The processes.

    def begin(self) -> None:
        """Start every service; the supervisor brings back what ends."""
        server = self.database.url("postgres")
        keys = (TOKEN_KEY, TOKEN_KEY, API_PASSWORD, TOKEN_KEY)
        around = Surroundings(self.processes.data, self.bootstrap, server, *keys)
        for service in self.services.values():
            self.processes.start(command(service, around), restart=True)

    def look_after(self) -> None:
        """Let the supervisor do its work."""
        for ended in self.processes.check(time.monotonic()):
            self.exits.append(ended)
            last = ended.last_lines.rpartition("\n")[2][:160]
            print(f"    {ended.name} ended with {ended.code}, again in {ended.pause:g} s: {last}")

    def process(self, name: str) -> Process:
        """The process that runs a service now, or ran it last."""
        return self._supervised(name).process

    def signal(self, name: str, number: signal.Signals) -> None:
        """Send a signal to the process of a service."""
        self.process(name).popen.send_signal(number)

    def hold(self, *names: str) -> None:
        """Stop services in an orderly way, and keep them from coming back."""
        for name in names:
            self.process(name).ask_to_stop()
        for name in names:
            self.process(name).stop()
            self._supervised(name).due = math.inf

    def kill_and_hold(self, *names: str) -> None:
        """End services by kill -9, and keep them from coming back."""
        for name in names:
            self.signal(name, signal.SIGKILL)
        self.hold(*names)

    def let_go(self, *names: str) -> None:
        """Start what was held, or waits for its next start."""
        for name in names:
            self._supervised(name).due = 0.0
        self.look_after()

    def undisturbed(self) -> None:
        """Let everything run again."""
        for name in self.services:
            if self._supervised(name).due == math.inf:
                self.let_go(name)
            self.signal(name, signal.SIGCONT)

    def _supervised(self, name: str) -> _Service:
        return next(one for one in self.processes._services if one.process.name == name)

    async def ready(self, names: Iterable[str] | None = None, seconds: float = 300) -> None:
        """Return once these services, or all, say that they are ready."""
        missing = list(names if names is not None else self.services)

        async def none_missing() -> bool:
            answers = await asyncio.gather(
                *(asyncio.to_thread(answers_200, self.services[name].ready_url) for name in missing)
            )
            missing[:] = [name for name, answer in zip(missing, answers, strict=True) if not answer]
            return not missing

        await self.until(lambda: f"ready: {', '.join(missing)} missing", none_missing, seconds)

    async def until(
        self, what: str | Callable[[], str], done: Callable[[], Awaitable[bool]], seconds: float = 120
    ) -> float:
        """Look until it is so, and look after the services meanwhile; returns the seconds that it took."""
        begun = time.monotonic()
        while not await done():
            self.look_after()
            taken = time.monotonic() - begun
            assert taken < seconds, f"not within {seconds} s: {what if isinstance(what, str) else what()}"
            await asyncio.sleep(EVERY_SECONDS)
        return time.monotonic() - begun

    async def pass_time(self, seconds: float) -> None:
        """Let a moment pass that is chosen at random, not awaited."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.look_after()
            await asyncio.sleep(EVERY_SECONDS)

    def logged(self, name: str, what: str) -> int:
        """How many lines of a service's log, of all its runs, hold a text."""
        return self.process(name).log.read_text(errors="replace").count(what)

    def ports_to_database(self, name: str) -> set[int]:
        """The local ports of a service's connections to the database."""
        connections = psutil.Process(self.process(name).pid).net_connections(kind="tcp")
        return {one.laddr.port for one in connections if one.raddr and one.raddr.port == self.database.port}

    async def run(self, *arguments: str, service: str = "postgres") -> Said:
        """Run a command of the project as an operator would, on the database of a service."""
        env = os.environ | {"KAFKA_BOOTSTRAP": self.bootstrap, "DATABASE_URL": self.database.url(service)}
        done = await asyncio.to_thread(
            subprocess.run, [sys.executable, "-m", *arguments], env=env, cwd=ROOT, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        return Said(done.returncode, (done.stdout + done.stderr).splitlines())

    # The topics.

    async def publish(self, *given: Event | Message) -> list[Message]:
        """As a producer would; returns the records as they lie on the broker."""
        producer = self.broker.producer()
        await producer.start()
        try:
            return await producer.send([one if isinstance(one, Message) else encode(one) for one in given])
        finally:
            await producer.stop()

    async def records(self, topic: str) -> list[Message]:
        """All that lies on a topic, partition by partition."""
        ends = await self.broker.ends([topic])
        found = [await self.broker.read(place, start, end) for place, (start, end) in ends.items() if start < end]
        return [message for part in found for message in part]

    async def letters(self) -> dict[str, int]:
        """How many dead letters each group has."""
        names = [name for name in topics() if name.startswith("dlq.")]
        ends = await self.broker.ends(names)
        return {place.topic.removeprefix("dlq."): end for place, (_, end) in ends.items()}

    async def committed(self, *groups: str) -> list[dict[Partition, int]]:
        """What each of these groups has told Kafka of how far it is."""
        admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap)
        await admin.start()
        try:
            told = [await admin.list_consumer_group_offsets(group) for group in groups]
        finally:
            await admin.close()
        return [{Partition(one.topic, one.partition): at.offset for one, at in offsets.items()} for offsets in told]

    async def commit(self, group: str, offsets: dict[Partition, int]) -> None:
        """Set what Kafka holds of a group whose members have all been stopped."""

        async def empty() -> bool:
            return await self.members(group) == 0

        await self.until(f"the sessions of {group} are over", empty)
        consumer = AIOKafkaConsumer(bootstrap_servers=self.bootstrap, group_id=group, enable_auto_commit=False)
        await consumer.start()
        try:
            places = {TopicPartition(*place): offset for place, offset in offsets.items()}
            consumer.assign(list(places))
            await consumer.commit(places)
        finally:
            await consumer.stop()

    async def members(self, group: str) -> int:
        """How many instances are members of a group at the moment."""
        admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap)
        await admin.start()
        try:
            (answer,) = await admin.describe_consumer_groups([group])
        finally:
            await admin.close()
        ((_, _, _, _, _, members, *_),) = answer.groups
        return len(members)

    async def caught_up(self) -> bool:
        """Whether every group that runs here has taken all that lies on its topics."""
        stateful = [await self.positions(group) for group in STATEFUL]
        at = dict(zip((*STATEFUL, *AGENTS), [*stateful, *await self.committed(*AGENTS)], strict=True))
        ends = await self.broker.ends([one.name for one in topics().values() if one.readers])
        return all(
            at[group].get(place, 0) >= end
            for place, (start, end) in ends.items()
            if start < end
            for group in topics()[place.topic].readers
            if group in at
        )

    # The databases.

    async def query(self, service: str, statement: str, **parameters: Any) -> list[Any]:
        """Rows of a service's database."""
        async with self.engine(service).connect() as connection:
            return list((await connection.execute(text(statement), parameters)).all())

    async def change(self, service: str, statement: str, **parameters: Any) -> int:
        """Change rows of a service's database; returns how many."""
        async with self.engine(service).begin() as connection:
            return (await connection.execute(text(statement), parameters)).rowcount

    def engine(self, service: str) -> AsyncEngine:
        """A way into a service's database."""
        if service not in self.engines:
            self.engines[service] = create_async_engine(self.database.url(service))
        return self.engines[service]

    async def positions(self, group: str) -> dict[Partition, int]:
        """How far a stateful group is, by its own database."""
        rows = await self.query(group, "SELECT topic, partition, next_offset FROM consumer_offsets")
        return {Partition(row.topic, row.partition): row.next_offset for row in rows}

    async def ended(self, customer: str) -> int:
        """How many executions of a customer have come to their end, as the projection has it."""
        rows = await self.query(
            "results",
            "SELECT count(*) FROM projection.executions WHERE customer_id = :customer AND ended_at IS NOT NULL",
            customer=customer,
        )
        return int(rows[0][0])

    async def all_ended(self, customer: str, events: Sequence[Event], seconds: float = 120) -> float:
        """Wait until the execution of every event has ended."""

        async def so() -> bool:
            return await self.ended(customer) >= len(events)

        return await self.until(f"{len(events)} executions of {customer} end", so, seconds)
