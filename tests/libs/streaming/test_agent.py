"""A check's faust agent as a process of its own, on the real broker."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiokafka.admin import AIOKafkaAdminClient

from libs.embedded.processes import Command, Process, spawn
from libs.embedded.resources import free_port
from libs.events.codec import decode, encode
from libs.events.message import Event, Partition
from libs.events.models import CheckCompleted
from libs.streaming.health import probe
from libs.streaming.kafka import KafkaBroker
from tests.factory import asked

CHECK = "decision"
PATIENCE = 60


class Running:
    """The process and the topics around it."""

    def __init__(self, folder: Path, kafka: KafkaBroker) -> None:
        self.folder, self.kafka = folder, kafka
        self.process: Process | None = None

    async def start(self) -> None:
        port = free_port()
        told = {"KAFKA_BOOTSTRAP": self.kafka.bootstrap, "HEALTH_PORT": str(port), "APP_DATADIR": str(self.folder)}
        command = Command(CHECK, [sys.executable, "-m", f"services.{CHECK}"], env={**os.environ, **told})
        self.process = spawn(self.folder, command)
        await until(lambda: asyncio.to_thread(probe, f"http://127.0.0.1:{port}/health/ready"))

    def kill(self) -> None:
        if self.process is not None and self.process.exit_code() is None:
            os.kill(self.process.pid, 9)
            self.process.stop()

    async def ask(self, *events: Event) -> None:
        producer = self.kafka.producer()
        await producer.start()
        await producer.send([encode(event) for event in events])
        await producer.stop()

    async def answered(self) -> list[str]:
        """The tokens of the answers so far."""
        tokens = []
        for partition, (start, end) in (await self.kafka.ends([f"{CHECK}.completed"])).items():
            for message in await self.kafka.read(partition, start, end):
                data = decode(message).data
                assert isinstance(data, CheckCompleted)
                tokens.append(data.task.token)
        return tokens

    async def acknowledged(self) -> bool:
        """Whether the group's offsets are at the ends of the requests."""
        admin = AIOKafkaAdminClient(bootstrap_servers=self.kafka.bootstrap)
        await admin.start()
        try:
            offsets = await admin.list_consumer_group_offsets(CHECK)
        finally:
            await admin.close()
        stored = {Partition(one.topic, one.partition): position.offset for one, position in offsets.items()}
        ends = await self.kafka.ends([f"{CHECK}.requested"])
        return all(stored.get(one, 0) == end for one, (_, end) in ends.items() if end)


async def until(condition: object, seconds: float = PATIENCE) -> None:
    """Wait for an awaitable condition."""
    deadline = time.monotonic() + seconds
    while not await condition():  # type: ignore[operator]
        assert time.monotonic() < deadline, "it did not come to that"
        await asyncio.sleep(0.1)


@pytest.fixture
async def running(tmp_path: Path, kafka: KafkaBroker) -> AsyncIterator[Running]:
    agent = Running(tmp_path, kafka)
    await agent.start()
    yield agent
    agent.kill()


async def test_requests_are_answered_and_then_acknowledged_and_not_answered_again(running: Running) -> None:
    tokens = [f"execution-{n}.1.mac" for n in range(300)]
    await running.ask(*(asked(CHECK, token) for token in tokens))

    async def all_answered() -> bool:
        return set(tokens) <= set(await running.answered())

    await until(all_answered)
    await until(running.acknowledged)
    running.kill()
    await running.start()
    await running.ask(asked(CHECK, "last.1.mac"))

    async def last_answered() -> bool:
        return "last.1.mac" in await running.answered()

    await until(last_answered)
    answered = await running.answered()
    assert sorted(one for one in answered if one in set(tokens)) == sorted(tokens)


async def test_what_was_asked_while_it_was_dead_is_answered(running: Running) -> None:
    running.kill()
    await running.ask(asked(CHECK, "while-dead.1.mac"))
    await running.start()

    async def answered() -> bool:
        return "while-dead.1.mac" in await running.answered()

    await until(answered)
