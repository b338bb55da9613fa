"""What is counted, on a consumer and a check that run, and how it is read."""

import asyncio
from urllib.request import urlopen

import pytest
from prometheus_client import REGISTRY
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.embedded.resources import free_port
from libs.events.codec import encode
from libs.events.message import Message
from libs.streaming import metrics, sampling
from libs.streaming.consumer import StatefulConsumer
from libs.streaming.memory import MemoryBroker
from tests.factory import onboarded
from tests.libs.streaming.conftest import Diary


def value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


async def test_a_consumer_counts_events_repeats_and_bad_records(engine: AsyncEngine) -> None:
    before = {name: value(f"vetstream_{name}_total", group="results") for name in ("events", "inbox_duplicates")}
    bad = value("vetstream_dead_letters_total", group="results", reason="NOT_FRAMED")
    broker = MemoryBroker()
    consumer = StatefulConsumer(Diary(), broker, engine)
    await consumer.start()
    await broker.producer().send([*(encode(onboarded(id=one)) for one in ("a", "b", "a")),
                                  Message("entity.onboarded", b"k", b"garbage")])  # fmt: skip
    assert consumer.progress.lag()["entity.onboarded"].messages == 4
    await consumer.run_once()
    assert consumer.progress.lag()["entity.onboarded"].messages == 0
    assert value("vetstream_events_total", group="results") - before["events"] == 2
    assert value("vetstream_inbox_duplicates_total", group="results") - before["inbox_duplicates"] == 1
    assert value("vetstream_dead_letters_total", group="results", reason="NOT_FRAMED") - bad == 1
    assert value("vetstream_batch_seconds_count", group="results") > 0
    await consumer.stop()


async def test_what_waits_is_looked_up(engine: AsyncEngine) -> None:
    broker = MemoryBroker()
    consumer = StatefulConsumer(Diary(raises_for=lambda event: event.id == "bad"), broker, engine)
    await consumer.start()
    await broker.producer().send([encode(onboarded(id="bad")), Message("entity.onboarded", b"k", b"garbage")])
    await consumer.run_once()
    await broker.producer().send([encode(onboarded(id="later"))])
    sampling.lag(consumer.progress)
    await sampling.depths("results", engine)
    await sampling.dead_letters("results", broker)
    assert value("vetstream_lag_messages", group="results", topic="entity.onboarded") == 1
    assert value("vetstream_held_depth", group="results") == 1
    assert value("vetstream_outbox_depth", group="results") == 1  # sent, and not yet noted as such
    assert value("vetstream_dead_letter_depth", group="results") == 1
    await consumer.stop()


async def test_they_are_read_over_http() -> None:
    port = free_port()
    metrics.serve("127.0.0.1", port)
    text = await asyncio.to_thread(lambda: urlopen(f"http://127.0.0.1:{port}/metrics").read().decode())
    assert "# HELP vetstream_lag_messages Records that are not taken yet." in text


@pytest.mark.parametrize("seconds", [-5.0, 0.0])
def test_a_clock_that_is_behind_makes_no_negative_age(seconds: float) -> None:
    event = onboarded("a")
    now = event.time.fromtimestamp(event.time.timestamp() + seconds, event.time.tzinfo)
    assert metrics.age(event, now) == 0.0
