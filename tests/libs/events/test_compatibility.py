import subprocess
import sys
from copy import deepcopy
from typing import Any

import pytest

from libs.events.catalogue import is_full, schema
from libs.events.compatibility import Version, between, history, problems, unreadable
from libs.events.released import published_records, release
from tests.libs.events.conftest import Change, Schemas, forget

EVENT, COMMAND = "vetstream.CheckCompleted", "vetstream.WorkflowRequested"
OPTIONAL = {"name": "channel", "type": ["null", "string"], "default": None}
REQUIRED = {"name": "channel", "type": "string"}


def changed(record: str, change: Change) -> list[Version]:
    """A record's schema, and the one that a change makes of it."""
    new = deepcopy(schema(record))
    change(new)
    return [Version("old", deepcopy(schema(record))), Version("new", new)]


def found(record: str, change: Change) -> list[str]:
    """What is wrong with a change of a record."""
    return between(changed(record, change), full=is_full(record))


def field(document: dict[str, Any], name: str) -> dict[str, Any]:
    """A field of a record."""
    return next(one for one in document["fields"] if one["name"] == name)


def type_in(node: Any, name: str) -> dict[str, Any]:
    """The definition of a named type somewhere in a schema."""
    if isinstance(node, dict) and node.get("name") == name and "type" in node and node["type"] in ("enum", "record"):
        return node
    parts = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return next((inner for part in parts if (inner := type_in(part, name))), {})


def test_all_versions_of_all_records_are_compatible() -> None:
    assert problems() == []


def test_commands_are_those_that_only_command_topics_carry() -> None:
    commands = {record for record in published_records() if not is_full(record)}
    named = ("CheckRequested", "CommandRequested", "RulingRequested", "SubscriptionRequested", "WorkflowRequested")
    assert commands == {f"vetstream.{name}" for name in named}


@pytest.mark.parametrize("record", [EVENT, COMMAND, "vetstream.WatchlistPublished"])
def test_an_optional_field_may_be_added(record: str) -> None:
    assert found(record, lambda new: new["fields"].append(OPTIONAL)) == []


@pytest.mark.parametrize("record", [EVENT, COMMAND])
def test_an_optional_field_may_be_removed(record: str) -> None:
    assert found(record, lambda new: new["fields"].pop()) == []


@pytest.mark.parametrize("record", [EVENT, COMMAND])
def test_a_field_without_a_default_may_not_be_added(record: str) -> None:
    (problem,) = found(record, lambda new: new["fields"].append(REQUIRED))
    assert problem.startswith(f"{record}: the new cannot read the old: reader field missing default value: channel at ")


def test_a_field_without_a_default_may_be_removed_from_a_command_only() -> None:
    assert found(COMMAND, lambda new: new["fields"].remove(field(new, "requestId"))) == []
    (problem,) = found(EVENT, lambda new: new["fields"].remove(field(new, "task")))
    assert problem.startswith(f"{EVENT}: the old cannot read the new: reader field missing default value: task at ")


@pytest.mark.parametrize("record", [EVENT, COMMAND])
def test_a_type_may_not_be_changed(record: str) -> None:
    name = "cause" if record == EVENT else "comment"
    assert "missing union branch" in found(record, lambda new: field(new, name).update(type=["null", "long"]))[0]


def test_a_number_may_be_widened_in_a_command_only() -> None:
    def widen(new: dict[str, Any]) -> None:
        field(type_in(new, "Task"), "attempt")["type"] = "long"

    assert found("vetstream.CheckRequested", widen) == []
    assert "type mismatch" in found(EVENT, widen)[0]


@pytest.mark.parametrize("record", [EVENT, "vetstream.CheckRequested"])
def test_an_enum_symbol_may_not_be_removed(record: str) -> None:
    (problem,) = found(record, lambda new: type_in(new, "StepResultCode")["symbols"].remove("HIT"))
    assert problem == f"{record}: the new takes HIT out of StepResultCode, which the old has"


@pytest.mark.parametrize("record", [EVENT, "vetstream.CheckRequested"])
def test_an_enum_symbol_may_be_added_where_older_readers_have_a_default_for_it(record: str) -> None:
    def add(new: dict[str, Any]) -> None:
        type_in(new, "StepResultCode")["symbols"].append("DEFERRED")

    assert found(record, add) == []


def test_an_enum_symbol_may_not_be_added_to_an_event_whose_older_readers_have_no_default() -> None:
    old, new = changed(EVENT, lambda new: type_in(new, "StepResultCode")["symbols"].append("DEFERRED"))
    del type_in(old.document, "StepResultCode")["default"]
    assert between([old, new], full=False) == []
    assert any("the old cannot read the new" in problem for problem in between([old, new], full=True))


@pytest.mark.parametrize("record", [EVENT, COMMAND])
def test_a_record_may_not_be_renamed(record: str) -> None:
    assert "name mismatch" in found(record, lambda new: new.update(name="Renamed"))[0]


def test_a_unit_of_time_may_not_be_changed() -> None:
    def to_milliseconds(new: dict[str, Any]) -> None:
        field(new, "amendedAt")["type"] = {"type": "long", "logicalType": "timestamp-millis"}

    problems = found("vetstream.ResultsAmended", to_milliseconds)
    assert problems[0].endswith("logical type timestamp-micros became timestamp-millis at /amendedAt")
    assert found("vetstream.ResultsAmended", lambda new: field(new, "amendedAt").update(type="long"))


def test_a_time_within_a_list_counts_too() -> None:
    def to_number(new: dict[str, Any]) -> None:
        field(type_in(new, "HistoryEvent"), "timestamp")["type"] = "long"

    assert "/history/[]/timestamp" in found("vetstream.WorkflowProgressed", to_number)[0]


def test_every_earlier_version_counts_not_only_the_last() -> None:
    first = schema(EVENT)
    second, third = deepcopy(first), deepcopy(first)
    field(second, "error").update(type=["null", "string", "long"])
    field(third, "error").update(type=["null", "long"])
    versions = [Version("first", first), Version("second", second), Version("third", third)]
    assert any("third cannot read the first" in problem for problem in between(versions, full=False))


def test_documentation_may_be_changed() -> None:
    assert found(EVENT, lambda new: new.update(doc="In other words.")) == []


def test_a_version_reads_itself() -> None:
    for record in published_records():
        for version in history(record):
            assert unreadable(version, version) == []


def test_the_working_schema_is_compared_with_what_was_released(schemas: Schemas) -> None:
    known = len(history("vetstream.WatchlistPublished"))
    schemas.change("WatchlistPublished", lambda new: new["fields"].append(REQUIRED))
    told = problems()
    says = "vetstream.WatchlistPublished: the working version cannot read the version"
    assert [one.startswith(f"{says} {number}: ") for number, one in enumerate(told, 1)] == [True] * known
    release()
    forget()
    assert problems() == [one.replace("working version", f"version {known + 1}") for one in told]


def test_the_command_says_that_all_is_well() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "libs.events.compatibility"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "all versions are compatible\n")
