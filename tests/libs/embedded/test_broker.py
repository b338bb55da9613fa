# mypy: disable-error-code="import-untyped"
import asyncio
import os
import re
import shutil
import socket
import uuid
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import UnknownTopicOrPartitionError

from libs.embedded.broker import RunningBroker, start_broker
from libs.embedded.errors import EmbeddedError
from libs.embedded.jars import KAFKA_VERSION
from libs.embedded.resources import LOOPBACK, cache_folder
from tests.libs.embedded import kafka

pytest_plugins = ["libs.embedded.testing"]


def test_records_of_1_mb_go_in_and_come_out_by_a_group(embedded_broker: RunningBroker) -> None:
    async def flow() -> list[bytes]:
        await kafka.create(embedded_broker.bootstrap, "large")
        await kafka.produce(embedded_broker.bootstrap, "large", b"small", b"x" * 2**20)
        return await kafka.consume(embedded_broker.bootstrap, "large", 2, group="readers")

    assert [len(value) for value in asyncio.run(flow())] == [5, 2**20]


def test_topics_are_not_made_by_mistake(embedded_broker: RunningBroker) -> None:
    async def flow() -> None:
        producer = AIOKafkaProducer(bootstrap_servers=embedded_broker.bootstrap, request_timeout_ms=1000)
        await producer.start()
        try:
            await producer.partitions_for("mistyped")
        finally:
            await producer.stop()

    with pytest.raises(UnknownTopicOrPartitionError):
        asyncio.run(flow())


def test_data_outlives_a_killed_broker_in_a_folder_with_an_odd_name(tmp_path: Path) -> None:
    data = tmp_path / "José, his = data"
    broker = start_broker(data)
    try:
        asyncio.run(kafka.create(broker.bootstrap, "kept"))
        asyncio.run(kafka.produce(broker.bootstrap, "kept", b"one"))
        broker.process.popen.kill()
        broker.stop()
        broker = start_broker(data)
        assert asyncio.run(kafka.consume(broker.bootstrap, "kept", 1)) == [b"one"]
    finally:
        broker.stop()


def test_the_id_of_a_cluster_may_begin_with_a_dash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uuid, "uuid4", lambda: uuid.UUID(bytes=b"\xfb" + bytes(15)))
    start_broker(tmp_path).stop()
    (properties,) = (tmp_path / "broker").rglob("meta.properties")
    assert "cluster.id=-wAAAAAAAAAAAAAAAAAAAA" in properties.read_text()


def test_a_port_in_use_is_one_line(tmp_path: Path) -> None:
    with socket.create_server((LOOPBACK, 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(EmbeddedError, match=f"^port {port} is in use, the broker needs it.*--broker-port$"):
            start_broker(tmp_path, port)


def test_a_jar_that_is_not_the_pinned_one_is_never_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"kafka-{KAFKA_VERSION}"
    shutil.copytree(cache_folder(os.environ) / name, tmp_path / name, copy_function=os.link)
    (jar,) = (tmp_path / name).rglob("re2j-*.jar")
    jar.unlink()
    jar.write_bytes(b"something else")
    monkeypatch.setenv("VETSTREAM_CACHE", str(tmp_path))
    with pytest.raises(EmbeddedError, match=f"the jar {re.escape(jar.name)} is not the pinned one"):
        start_broker(tmp_path / "data")


def test_a_broker_that_cannot_start_shows_its_last_lines(tmp_path: Path) -> None:
    logs = tmp_path / "broker" / "logs"
    logs.mkdir(parents=True)
    (logs / "meta.properties").write_text("version=1\ncluster.id=unlike\nnode.id=7\n")
    with pytest.raises(EmbeddedError, match=r"(?s)broker could not start \(exit code 1\); see .*broker\.log\n.*node"):
        start_broker(tmp_path)
    assert not list((tmp_path / "run").glob("*.json"))


def test_records_without_their_meta_properties_are_never_formatted_away(tmp_path: Path) -> None:
    segment = tmp_path / "broker" / "logs" / "entity.onboarded-0" / "00000000000000000000.log"
    segment.parent.mkdir(parents=True)
    segment.write_bytes(b"records")
    with pytest.raises(EmbeddedError, match=r"holds records but no meta\.properties"):
        start_broker(tmp_path)
    assert segment.read_bytes() == b"records"
