"""A person goes through the whole system, and where it fails: what is logged can be followed, and names nobody."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from libs.events.codec import encode
from libs.events.message import Event, Message
from libs.streaming.logs import library_lines, processors
from services.results.service import Results
from tests.factory import onboarded, person
from tests.flows.system import System, execution_of

NAME = "Quillfeather"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """As a process has it, down to the least."""
    stream, former = io.StringIO(), structlog.get_config()
    handler = library_lines(stream)
    logging.root.addHandler(handler)
    structlog.configure(
        processors=processors(), logger_factory=structlog.PrintLoggerFactory(stream), cache_logger_on_first_use=False
    )
    yield stream
    logging.root.removeHandler(handler)
    structlog.configure(**former)


def _raising(self: Results, event: Event) -> None:
    raise KeyError(f"cannot fold {event.data}")


async def test_nobody_is_named(system: System, log: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    somebody = onboarded("person-1", individual=person(family=NAME))
    await system.publish(somebody)
    await system.settle()
    broken = onboarded("person-2", individual=person(family=NAME))
    monkeypatch.setattr("services.results.service.fold", _raising)
    good = encode(broken)
    await system.broker.producer().send([good, Message(good.topic, good.key, (good.value or b"")[:-3], good.headers)])
    await system.settle()
    text = log.getvalue()
    lines = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    assert NAME not in text
    raised = {line["event_id"]: line for line in lines if line["event"] == "event.raised"}
    assert raised[broken.id]["error"].startswith("KeyError at tests/flows/test_logs.py:")
    (told, *_) = [line for line in raised.values() if line["correlation"] == execution_of(broken)]
    assert (told["topic"], told["group"], told["causation"]) == ("workflow.progressed", "results", broken.id)
    (refused, *_) = [line for line in lines if line["event"] == "record.refused"]
    assert (refused["event_id"], refused["reason"]) == (broken.id, "NOT_AVRO")
