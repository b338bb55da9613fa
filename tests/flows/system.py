"""The whole system in one process: every service on the in-memory broker, a real database, and a clock set by hand."""

import importlib
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.delivery.addresses import Reachable, networks
from libs.delivery.sending import Sender
from libs.delivery.worker import Worker
from libs.embedded.database import RunningDatabase
from libs.embedded.testing import fresh_database
from libs.events.catalogue import answered_by
from libs.events.codec import decode, encode
from libs.events.message import Event, Message, derived_id
from libs.events.models import Individual, WorkflowProgressed
from libs.setup import has_tables, with_setup
from libs.store.engine import connect
from libs.streaming.answering import Answering
from libs.streaming.check import Check
from libs.streaming.consumer import BATCH, Handler, StatefulConsumer
from libs.streaming.memory import MemoryBroker, MemoryProducer
from libs.streaming.ports import system_clock
from libs.streaming.references import ReferenceReader
from libs.streaming.replay import keeps_state
from libs.streaming.settings import Settings
from services.duplicates.service import Duplicates
from services.idv.agent import check_with, means_of
from services.monitoring.service import Monitoring
from services.notifications.deliveries import Deliveries
from services.notifications.endpoints import Endpoint, Endpoints
from services.notifications.service import Notifications
from services.orchestration.service import Orchestration
from services.orchestration.tokens import Tokens
from services.prescreening import agent as prescreening
from services.results.api import issuing
from services.results.policy import AmendmentPolicy
from services.results.service import Results
from services.review.policies import read_policies
from services.review.service import Review
from tests.factory import NOON

LOOPBACK = Reachable(networks(["127.0.0.0/8"]))
PRESCREENING = "prescreening"
# Of the customer c1, with every role.
API_KEY = "key-of-c1"


class Unruly(MemoryBroker):
    """Delivers every record `times` times and shuffles what is sent together, as retries and instances may."""

    def __init__(self, seed: int | None = None, times: int = 1) -> None:
        super().__init__()
        self.random = random.Random(seed) if seed is not None else None
        self.times = times

    def producer(self) -> "UnrulyProducer":
        return UnrulyProducer(self)


class UnrulyProducer(MemoryProducer):
    """Sends in another order, and again."""

    def __init__(self, broker: Unruly) -> None:
        super().__init__(broker)
        self._unruly = broker

    async def send(self, messages: Sequence[Message]) -> list[Message]:
        sent = list(messages) * self._unruly.times
        if self._unruly.random is not None:
            self._unruly.random.shuffle(sent)
        return await super().send(sent)


@dataclass
class Agent:
    """A stateless check on the in-memory broker."""

    answering: Answering
    broker: MemoryBroker
    references: ReferenceReader
    taken: int = 0

    async def start(self) -> None:
        self.consumer = self.broker.consumer(self.answering.check.name, (self.answering.topic,))
        await self.references.catch_up()
        await self.consumer.start(lambda partitions: _nowhere())

    async def run_once(self) -> int:
        await self.references.catch_up()
        messages = await self.consumer.poll(BATCH, 0)
        await self.broker.producer().send(await self.answering.answer(messages))
        return len(messages)


async def _nowhere() -> dict[Any, int]:
    return {}


_TEMPLATES: dict[int, dict[str, str]] = {}


async def _templates(database: RunningDatabase) -> dict[str, str]:
    """For each service a database with its tables, to be copied; made once on a server."""
    if database.port not in _TEMPLATES:
        names = [name for name in with_setup() if keeps_state(name) or has_tables(name)]
        urls = {name: fresh_database(database, f"template_{name}") for name in names}
        await _set_up(urls, MemoryBroker(), system_clock)
        _TEMPLATES[database.port] = {name: make_url(url).database or "" for name, url in urls.items()}
    return _TEMPLATES[database.port]


async def _set_up(urls: Mapping[str, str], broker: MemoryBroker, clock: Callable[[], datetime]) -> None:
    for service in with_setup():
        module = importlib.import_module(f"services.{service}.setup")
        await module.set_up(urls.get(service, ""), broker, clock)


@dataclass
class System:
    """Everything that runs, and the time."""

    database: RunningDatabase
    broker: Unruly = field(default_factory=Unruly)
    instances: int = 1
    now: datetime = NOON
    blobs_directory: str = ""
    policy: AmendmentPolicy | None = None
    endpoints: Sequence[Endpoint] = ()
    agents: dict[str, Agent] = field(default_factory=dict)
    consumers: list[StatefulConsumer] = field(default_factory=list)
    engines: dict[str, AsyncEngine] = field(default_factory=dict)

    def clock(self) -> datetime:
        return self.now

    async def __aenter__(self) -> "System":
        self.deliveries = Deliveries(b"secret", Endpoints(endpoints=list(self.endpoints)))
        handlers: dict[str, list[Handler]] = {
            "orchestration": [Orchestration(Tokens(b"secret")) for _ in range(self.instances)],
            "duplicates": [Duplicates() for _ in range(self.instances)],
            "monitoring": [Monitoring() for _ in range(self.instances)],
            "review": [Review(read_policies()) for _ in range(self.instances)],
            "notifications": [Notifications(self.deliveries, Sender(LOOPBACK)) for _ in range(self.instances)],
            "results": [Results(policy=self.policy) for _ in range(self.instances)],
        }
        templates = await _templates(self.database)
        urls = {name: fresh_database(self.database, name, copy) for name, copy in templates.items()}
        await _set_up(urls, self.broker, self.clock)
        await issuing.ensure(urls["results"], API_KEY, "c1")
        for name in answered_by().values():
            if not keeps_state(name):
                await self._add_agent(name, urls.get(name, ""))
        for name, several in handlers.items():
            self.engines[name] = connect(urls[name], pool=2 + 2 * self.instances)
            for handler in several:
                consumer = StatefulConsumer(handler, self.broker, self.engines[name], self.clock)
                await consumer.start()
                self.consumers.append(consumer)
        return self

    async def __aexit__(self, *_: object) -> None:
        for consumer in self.consumers:
            await consumer.stop()
        self.means.reader.close()
        for engine in self.engines.values():
            await engine.dispose()

    def _documents(self, database_url: str) -> Check:
        self.means = means_of(Settings(database_url=database_url, blobs_directory=self.blobs_directory))
        if self.means.uses:
            self.engines["idv"] = self.means.uses.engine
        return check_with(self.means)

    def _applications(self, database_url: str) -> Check:
        means = prescreening.means_of(Settings(database_url=database_url, blobs_directory=self.blobs_directory))
        assert means.engine is not None
        self.engines[PRESCREENING] = means.engine
        return prescreening.check_with(means)

    async def _add_agent(self, name: str, database_url: str) -> None:
        made = {"idv": self._documents, PRESCREENING: self._applications}
        check = made[name](database_url) if name in made else shared_check(name)
        agent = Agent(Answering(check, self.clock), self.broker, ReferenceReader(self.broker, check.references))
        await agent.start()
        self.agents[name] = agent

    async def restart(self, *handlers: Handler) -> None:
        """End the instances of these groups, and start one of each."""
        groups = {one.group for one in handlers}
        for consumer in [one for one in self.consumers if one.handler.group in groups]:
            await consumer.stop()
            self.consumers.remove(consumer)
        for handler in handlers:
            begun = StatefulConsumer(handler, self.broker, self.engines[handler.group], self.clock)
            await begun.start()
            self.consumers.append(begun)

    async def publish(self, *events: Event) -> None:
        """As a producer would."""
        await self.broker.producer().send([encode(event) for event in events])

    async def settle(self, without: Sequence[str] = ()) -> None:
        """Run everything until nothing is left to do at this time; `without` names checks that stand still."""
        quiet = 0
        while quiet < 2:
            running = [agent for name, agent in self.agents.items() if name not in without]
            stateful = [one for one in self.consumers if one.handler.group not in without]
            done = sum([await one.run_once() for one in stateful]) + sum([await one.run_once() for one in running])
            quiet = 0 if done else quiet + 1
            self.now += timedelta(milliseconds=101)  # so that each tick is due

    async def pass_time(self, by: timedelta, without: Sequence[str] = ()) -> None:
        """Let time pass, from one thing that is due in orchestration or review to the next."""
        until = self.now + by
        while self.now < until:
            due = (await self.query("orchestration", "SELECT min(next_due) AS due FROM executions"))[0].due
            wakes = (await self.query("review", "SELECT min(wakes_at) AS due FROM cases"))[0].due
            dues = [one for one in (due, None if "review" in without else wakes, until) if one is not None]
            self.now = max(self.now, min(dues))
            await self.settle(without)

    async def deliver(self) -> None:
        """Tell outside services what is due to be told."""
        worker = Worker(self.engines["notifications"], self.deliveries, Sender(LOOPBACK, seconds=1.0), self.clock)
        while await worker.start_due():
            await worker.finish()
        await self.settle()

    async def query(self, service: str, statement: str, **parameters: Any) -> list[Any]:
        """Rows of a service's database."""
        async with self.engines[service].connect() as connection:
            return list((await connection.execute(text(statement), parameters)).all())

    def sent(self, topic: str) -> list[Any]:
        """What was told on a topic, each event once."""
        found = {
            one.id: one.data
            for place, log in sorted(self.broker.logs.items())
            if place.topic == topic
            for one in map(decode, log)
        }
        return list(found.values())

    def requests(self, check: str) -> list[Individual]:
        """Whom a check was asked about, in order."""
        return [one.individual for one in self.sent(f"{check}.requested")]

    def story(self, execution: str) -> list[WorkflowProgressed]:
        """What was told of an execution, each chapter once, in order."""
        chapters = {
            chapter.sequence: chapter
            for place, log in self.broker.logs.items()
            if place.topic == "workflow.progressed"
            for message in log
            if isinstance(chapter := decode(message).data, WorkflowProgressed)
            and chapter.workflowExecutionId == execution
        }
        return [chapters[sequence] for sequence in sorted(chapters)]


_checks: dict[str, Any] = {}


def shared_check(name: str) -> Any:
    """A check, built once for all tests: some load large references."""
    if name not in _checks:
        _checks[name] = importlib.import_module(f"services.{name}.agent").check()
    return _checks[name]


def execution_of(event: Event) -> str:
    """The execution that an event starts."""
    return derived_id(event.id, "orchestration", "execution")
