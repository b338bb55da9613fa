"""The producer's guide works as it is written."""

import ast
import asyncio
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from aiokafka.partitioner import murmur2

from libs.embedded.broker import RunningBroker
from libs.events.catalogue import SCHEMAS, topics
from libs.events.codec import LARGEST_BYTES, LONGEST_ID, decode, encode
from libs.events.message import Message, Partition
from libs.events.models import EntityOnboarded
from libs.streaming.kafka import KafkaBroker, create_topics
from tests.factory import onboarded

ROOT = SCHEMAS.parent
GUIDE = (ROOT / "docs" / "producing.md").read_text()
TOPIC = "entity.onboarded"


@pytest.fixture(scope="module")
def script() -> str:
    """The guide's Python."""
    (found,) = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    assert isinstance(found, str)
    return found


def test_the_script_is_short_and_needs_nothing_of_this_project(script: str) -> None:
    assert len(script.splitlines()) <= 40
    imported = {name for node in ast.walk(ast.parse(script)) for name in _modules(node)}
    assert imported - set(sys.stdlib_module_names) == {"aiokafka", "fastavro"}


def _modules(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name.split(".")[0] for alias in node.names]
    return [(node.module or "").split(".")[0]] if isinstance(node, ast.ImportFrom) else []


async def test_the_script_publishes_an_event_that_is_taken(
    script: str, embedded_broker: RunningBroker, tmp_path: Path
) -> None:
    await create_topics(embedded_broker.bootstrap, list(topics().values()))
    before = await _ends(embedded_broker)
    (tmp_path / "publish.py").write_text(script)
    command = [sys.executable, str(tmp_path / "publish.py"), embedded_broker.bootstrap]
    # Isolated from this project: only `schemas/` of the working folder is there.
    done = await asyncio.to_thread(subprocess.run, command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (message,) = await _since(embedded_broker, before)
    event = decode(message)
    assert isinstance(event.data, EntityOnboarded)
    assert event.data.individual.name.givenName == "Amélie"
    assert (event.data.entityVersion, event.source, event.key) == (1, "acme/crm", "acme:p-1001")
    assert message.partition == (murmur2(b"acme:p-1001") & 0x7FFFFFFF) % topics()[TOPIC].partitions
    ours = dict(encode(onboarded()).headers)
    theirs = dict(message.headers)
    assert set(theirs) == ours.keys() - {"ce_subject"}
    assert all(theirs[name] == ours[name] for name in ("ce_specversion", "ce_type", "content-type"))


async def _ends(broker: RunningBroker) -> dict[Partition, int]:
    return {partition: end for partition, (_, end) in (await KafkaBroker(broker.bootstrap).ends([TOPIC])).items()}


async def _since(broker: RunningBroker, before: dict[Partition, int]) -> list[Message]:
    """What has been published on the topic."""
    kafka, after = KafkaBroker(broker.bootstrap), await _ends(broker)
    return [
        message
        for partition, end in after.items()
        if end > before[partition]
        for message in await kafka.read(partition, before[partition], end)
    ]


def test_the_guides_words_are_those_of_the_code() -> None:
    topic = topics()[TOPIC]
    assert f"| key | `{topic.key}`" in GUIDE
    assert f"{LARGEST_BYTES // 1024} KiB" in GUIDE
    assert f"at most {LONGEST_ID} characters" in GUIDE
    assert "vetstream.EntityOnboarded" in json.loads((SCHEMAS / "ids.lock.json").read_text())


def test_every_link_of_the_guide_leads_somewhere() -> None:
    links = re.findall(r"\]\(([^)]+)\)", GUIDE)
    assert links
    assert all((ROOT / "docs" / link).exists() for link in links)
