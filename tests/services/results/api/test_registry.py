"""What a standard Kafka client asks a schema registry, and such a client reading our records."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import uvicorn
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.schema_registry.error import SchemaRegistryError
from confluent_kafka.serialization import MessageField, SerializationContext
from fastapi import FastAPI

from libs.events.catalogue import topics
from libs.events.codec import decode, encode
from libs.events.message import Message
from libs.events.released import released, versions
from services.results.api import registry
from tests.services.results import factory

ONBOARDED = "vetstream.EntityOnboarded"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The registry served over real HTTP."""
    app = FastAPI()
    app.include_router(registry.router)
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}/registry"
    server.should_exit = True
    thread.join()
    listening.close()


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[SchemaRegistryClient]:
    with SchemaRegistryClient({"url": address}) as client:
        yield client


def test_a_standard_deserializer_reads_our_record(client: SchemaRegistryClient) -> None:
    message = encode(factory.onboarded(individual=factory.person("Nkemelu")))
    context = SerializationContext(message.topic, MessageField.VALUE)
    read: Any = AvroDeserializer(client)(message.value, context)
    assert (read["customerId"], read["individual"]["name"]["familyName"]) == ("c1", "Nkemelu")


def test_we_read_what_a_standard_serializer_writes(client: SchemaRegistryClient) -> None:
    newest = client.get_latest_version("entity.onboarded-value")
    write = AvroSerializer(client, newest.schema.schema_str, conf={"auto.register.schemas": False})
    event = factory.onboarded()
    value = write(event.data.model_dump(), SerializationContext("entity.onboarded", MessageField.VALUE))
    assert decode(Message("entity.onboarded", b"c1:e1", value)).data == event.data
    assert newest.schema_id == versions(ONBOARDED)[-1].id


def test_one_that_registers_what_it_writes_finds_it_registered(client: SchemaRegistryClient) -> None:
    document = json.dumps(versions(ONBOARDED)[-1].document)
    value = AvroSerializer(client, document)(
        factory.onboarded().data.model_dump(), SerializationContext("entity.onboarded", MessageField.VALUE)
    )
    assert decode(Message("entity.onboarded", b"c1:e1", value)).topic == "entity.onboarded"


def test_nothing_new_can_be_registered(client: SchemaRegistryClient) -> None:
    document = json.dumps({**versions(ONBOARDED)[-1].document, "doc": "mine"})
    write = AvroSerializer(client, document)
    with pytest.raises(SchemaRegistryError, match="released with the project") as refused:
        write(factory.onboarded().data.model_dump(), SerializationContext("entity.onboarded", MessageField.VALUE))
    assert (refused.value.http_status_code, refused.value.error_code) == (422, registry.READ_ONLY)


def test_every_released_schema_is_found_by_its_id_and_every_topic_by_its_name(client: SchemaRegistryClient) -> None:
    for one in released():
        assert json.loads(client.get_schema(one.id).schema_str or "") == one.document
    assert set(client.get_subjects()) == {f"{topic}-value" for topic in topics()}
    for topic in topics().values():
        assert client.get_versions(f"{topic.name}-value") == [one.version for one in versions(topic.schema)]
        assert client.get_version(f"{topic.name}-value", 1).schema_id == versions(topic.schema)[0].id


def test_a_schema_tells_its_subjects_and_how_it_may_change(address: str) -> None:
    first = versions("vetstream.CheckRequested")[0]
    found = httpx.get(f"{address}/schemas/ids/{first.id}/versions").json()
    assert {"subject": "kyc.requested-value", "version": 1} in found
    assert {one["subject"] for one in found} == set(httpx.get(f"{address}/schemas/ids/{first.id}/subjects").json())
    levels = [
        httpx.get(f"{address}/config/{topic}-value").json()["compatibilityLevel"]
        for topic in ("kyc.requested", "kyc.completed")
    ]
    assert levels == ["BACKWARD_TRANSITIVE", "FULL_TRANSITIVE"]
    assert (
        httpx.get(f"{address}/subjects/kyc.requested-value/versions/latest/schema").json()["name"] == "CheckRequested"
    )
    assert httpx.get(f"{address}/mode").json() == {"mode": "READONLY"}


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("subjects/nothing-value/versions", registry.NO_SUBJECT),
        ("subjects/entity.onboarded-key/versions", registry.NO_SUBJECT),
        ("subjects/entity.onboarded/versions/1", registry.NO_SUBJECT),
        ("subjects/entity.onboarded-value/versions/999", registry.NO_VERSION),
        ("subjects/entity.onboarded-value/versions/newest", registry.BAD_VERSION),
        ("schemas/ids/99999", registry.NO_SCHEMA),
        ("schemas/ids/99999/versions", registry.NO_SCHEMA),
        ("config/nothing-value", registry.NO_SUBJECT),
    ],
)
def test_what_there_is_not_has_the_registrys_own_code(address: str, path: str, code: int) -> None:
    answer = httpx.get(f"{address}/{path}")
    assert (answer.status_code, answer.json()["error_code"]) == (code // 100, code)
    assert answer.headers["content-type"] == registry.TYPE


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"schema": {}}', '{"schema": "not JSON"}'])
def test_a_schema_that_is_none_is_refused(address: str, body: str) -> None:
    answer = httpx.post(f"{address}/subjects/entity.onboarded-value", content=body)
    assert (answer.status_code, answer.json()["error_code"]) == (422, registry.BAD_SCHEMA)


async def test_the_api_serves_it_without_a_key(api: httpx.AsyncClient) -> None:
    answer = await api.get("/registry/subjects", params={"subjectPrefix": "kyc.", "limit": 1}, headers={"api_key": ""})
    assert (answer.status_code, answer.json()) == (200, ["kyc.completed-value"])
