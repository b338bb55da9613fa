import json
from typing import Any

import pytest

from libs.events.catalogue import SCHEMAS, Topic, answered_by, dead_letter_topic, named_types, schema, topics
from libs.events.released import published_records
from tests.libs.events.strategies import model_of

PRODUCERS = "producers"
SERVICES = SCHEMAS.parent / "services"
EVERY_TOPIC = pytest.mark.parametrize("topic", topics().values(), ids=lambda topic: topic.name)


def services() -> set[str]:
    """The services there are."""
    return {path.parent.name for path in SERVICES.glob("*/__init__.py")}


@EVERY_TOPIC
def test_a_topic_has_one_writer_and_its_readers_exist(topic: Topic) -> None:
    assert topic.owner in services() | {PRODUCERS}
    assert set(topic.readers) <= services()


@EVERY_TOPIC
def test_a_topic_says_what_it_carries_by_which_key_and_for_how_long(topic: Topic) -> None:
    assert topic.doc.endswith(".")
    assert topic.key
    assert topic.partitions >= 1
    assert topic.retention_ms == -1 or topic.retention_ms >= 86_400_000
    assert issubclass(model_of(topic.schema), object)


@EVERY_TOPIC
def test_reference_data_and_nothing_else_is_compacted(topic: Topic) -> None:
    assert topic.compacted == (topic.kind == "reference") == (topic.config["cleanup.policy"] == "compact")
    if topic.kind == "reference":
        # Its processes read it from the beginning, outside any group: in one order.
        assert topic.partitions == 1


@EVERY_TOPIC
def test_commands_are_imperative_and_have_one_schema(topic: Topic) -> None:
    assert (topic.kind == "command") == topic.name.endswith(".requested")


def test_what_a_projection_is_rebuilt_from_is_kept_for_ever() -> None:
    for topic in topics().values():
        if "results" in topic.readers or topic.compacted or topic.name.startswith("dlq."):
            assert topic.retention_ms == -1, topic.name
            assert topic.compacted or topic.config["retention.ms"] == "-1"


@pytest.mark.parametrize(("check", "service"), answered_by().items())
def test_a_check_answers_what_orchestration_asks(check: str, service: str) -> None:
    requested, completed = topics()[f"{check}.requested"], topics()[f"{check}.completed"]
    assert (requested.owner, requested.readers) == ("orchestration", (service,))
    assert (completed.owner, completed.readers) == (service, ("orchestration",))
    assert (requested.kind, completed.kind) == ("command", "event")
    # Order holds within a partition: both topics of a pair are cut the same way.
    assert (requested.key, requested.partitions) == (completed.key, completed.partitions)


def test_the_topics_about_a_person_are_cut_the_same_way() -> None:
    assert len({topic.partitions for topic in topics().values() if topic.key == "customerId:entityId"}) == 1


def test_every_group_has_dead_letters_of_its_own() -> None:
    groups = {reader for topic in topics().values() for reader in topic.readers}
    for group in groups:
        letters = topics()[dead_letter_topic(group)]
        assert (letters.owner, letters.schema) == (group, "vetstream.DeadLetter")
        assert int(letters.config["max.message.bytes"]) > 4 * 2**20
    assert {name for name in topics() if name.startswith("dlq.")} == {dead_letter_topic(group) for group in groups}


def test_every_schema_is_carried_by_a_topic_or_is_part_of_one_that_is() -> None:
    carried = {name for record in published_records() for name in _names(schema(record))}
    assert carried == {path.stem.removeprefix("vetstream.") for path in SCHEMAS.glob("*.avsc")}
    assert {name for one in named_types() for name in _names(one)} == carried


def test_schemas_are_named_as_their_files_and_documented() -> None:
    for path in SCHEMAS.glob("*.avsc"):
        document = json.loads(path.read_text())
        assert f"{document['namespace']}.{document['name']}" == path.stem
        assert document["doc"].endswith(".")
        for field in document.get("fields", ()):
            assert field["doc"], f"{path.stem}.{field['name']}"


def test_times_are_microseconds() -> None:
    for path in SCHEMAS.glob("*.avsc"):
        assert "timestamp-millis" not in path.read_text()


def test_personal_data_is_marked_where_a_person_is_described() -> None:
    for name in ("Name", "DateOfBirth", "Address", "Document"):
        document = json.loads((SCHEMAS / f"vetstream.{name}.avsc").read_text())
        assert any(field.get("pii") for field in document["fields"]), name
    outcome = schema("vetstream.StepOutcome")
    assert "pii" not in json.dumps(outcome), "a step's outcome goes to the workflow, it holds nothing of the person"


def test_a_topic_that_is_not_declared_is_unknown() -> None:
    assert "kyc.request" not in topics()


def _names(node: Any) -> set[str]:
    """The named types that a schema defines."""
    if isinstance(node, list):
        return {name for part in node for name in _names(part)}
    if not isinstance(node, dict):
        return set()
    own = {node["name"]} if node.get("type") in ("record", "enum") else set()
    return own | {name for key in ("fields", "type", "items", "values") for name in _names(node.get(key))}
