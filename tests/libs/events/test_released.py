import hashlib
import json
from typing import Any

import pytest

from libs.events import released
from libs.events.catalogue import fingerprint, schema
from libs.events.codec import Undecodable, decode_record, encode_record
from libs.events.models import CheckCompleted
from libs.events.released import LOCK, RELEASED, UnknownSchema, current, published_records, release, versions
from tests.libs.events.conftest import Schemas, forget
from tests.libs.events.examples import example

AMENDED = "vetstream.ResultsAmended"
CHANNEL = {"name": "channel", "type": ["null", "string"], "default": None}


def add_channel(document: dict[str, Any]) -> None:
    """A new optional field."""
    document["fields"].append(CHANNEL)


def test_every_release_is_as_it_was_released() -> None:
    for one in released.released():
        assert one.document == json.loads(released.path_of(one.record, one.version).read_text())
    assert released.released()


def test_versions_count_from_one_and_ids_are_given_once() -> None:
    lock = json.loads(LOCK.read_text())
    for record, entries in lock.items():
        assert [entry["version"] for entry in entries] == list(range(1, len(entries) + 1)), record
    ids = [entry["id"] for entries in lock.values() for entry in entries]
    assert sorted(ids) == list(range(1, len(ids) + 1))


def test_every_file_is_in_the_lock() -> None:
    locked = {released.path_of(one.record, one.version) for one in released.released()}
    assert set(RELEASED.rglob("*.avsc")) == locked


@pytest.mark.parametrize("record", published_records())
def test_what_is_written_now_is_released(record: str) -> None:
    assert versions(record), f"{record} was never released: run `make release-schemas`"
    assert schema(record) == current(record).document, f"{record} has changed: run `make release-schemas`"


def test_the_fingerprint_is_that_of_the_content_whatever_its_order() -> None:
    assert fingerprint({"b": 1, "a": [2]}) == hashlib.sha256(b'{"a":[2],"b":1}').hexdigest()
    assert fingerprint({"a": [2], "b": 1}) == fingerprint({"b": 1, "a": [2]}) != fingerprint({"b": 1, "a": [3]})


def test_a_changed_release_is_noticed(schemas: Schemas) -> None:
    schemas.change_released("ResultsAmended", 1, lambda document: document.update(doc="Another."))
    with pytest.raises(ValueError, match=r"ResultsAmended/1\.avsc was changed after its release"):
        released.released()


def test_nothing_is_released_twice(schemas: Schemas) -> None:
    lock = released.LOCK.read_text()
    assert release() == []
    assert released.LOCK.read_text() == lock


def test_a_change_is_a_new_version_with_a_new_id_and_the_old_one_stays(schemas: Schemas) -> None:
    before = released.released()
    schemas.change("ResultsAmended", add_channel)
    assert release() == ["vetstream.ResultsAmended 3"]
    forget()
    *old, new = versions(AMENDED)
    assert (new.version, new.id) == (3, max(one.id for one in before) + 1)
    kept = [(one.document, one.id) for one in before if one.record == AMENDED]
    assert [(one.document, one.id) for one in old] == kept
    assert new.document["fields"][-1] == CHANNEL
    assert current(AMENDED) is new


def test_a_change_within_a_shared_type_releases_every_record_that_holds_it(schemas: Schemas) -> None:
    holding = (
        *("CheckCompleted", "CheckRequested", "CollectionSubmitted", "CommandRequested", "EntityChanged"),
        *("EntityOnboarded", "MonitoringAlerted", "SubscriptionRequested", "WorkflowRequested"),
    )
    before = {f"vetstream.{name}": len(versions(f"vetstream.{name}")) for name in holding}
    schemas.change("Individual", add_channel)
    assert release() == [f"{record} {count + 1}" for record, count in before.items()]


def test_what_an_older_version_wrote_is_read_by_the_newer_one(schemas: Schemas) -> None:
    old = encode_record(example(AMENDED))
    schemas.change("ResultsAmended", lambda document: document["fields"][6].update(default="unexplained"))
    release()
    forget()
    assert encode_record(example(AMENDED))[:5] != old[:5]
    assert decode_record(AMENDED, old) == example(AMENDED)


def test_what_a_newer_version_wrote_is_read_once_its_schema_is_known(schemas: Schemas) -> None:
    written = encode_record(example(AMENDED))
    # A service that is deployed later writes a newer version, with a field at the end: null, the first of a union.
    schemas.change("ResultsAmended", add_channel, known=False)
    newer = max(one.id for one in released.released()) + 1
    release()
    value = newer.to_bytes(5, "big") + written[5:] + b"\0"
    with pytest.raises(Undecodable, match=f"no released schema has the id {newer}"):
        decode_record(AMENDED, value)
    released.forget()
    assert decode_record(AMENDED, value) == example(AMENDED)
    assert encode_record(example(AMENDED)) == written, "a process writes what its models were made from"


def test_an_outcome_that_only_newer_services_know_is_read_as_the_default(schemas: Schemas) -> None:
    completed = example("vetstream.CheckCompleted")
    written = encode_record(completed)
    schemas.change("StepResultCode", lambda enum: enum["symbols"].insert(0, "DEFERRED"), known=False)
    release()
    released.forget()
    newer = versions("vetstream.CheckCompleted")[-1]
    # The outcomes that stand in these bytes by number are now those before them, and the first one is new.
    position = written.index(b"\x06AML\x16") + 4
    value = newer.id.to_bytes(5, "big") + written[5:position] + b"\0" + written[position + 1 :]
    read = decode_record("vetstream.CheckCompleted", value)
    assert isinstance(read, CheckCompleted)
    assert read.result is not None
    assert read.result.outcome.result == "UNCHECKED"


def test_a_record_that_was_never_released_is_said() -> None:
    with pytest.raises(UnknownSchema, match="make release-schemas"):
        current("vetstream.Name")
