"""What requests to watch a person come to."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.events.models import CheckRequested, SubscriptionRequested
from services.monitoring.rules import (
    TYPES,
    Asked,
    Refused,
    answer,
    asked_by_command,
    asked_by_step,
    failure,
    obey,
)
from services.monitoring.watched import Watched
from tests.factory import NOON, person
from tests.services.monitoring.factory import command, step


def of_step(**settings: str) -> Asked:
    data = step(**settings).data
    assert isinstance(data, CheckRequested)
    return asked_by_step(data)


def of_command(id: str = "event-1", **fields: Any) -> Asked:
    data = command(**fields).data
    assert isinstance(data, SubscriptionRequested)
    return asked_by_command(data, id)


@pytest.mark.parametrize(
    ("settings", "types"),
    [
        ({}, ("AML", "ACTIVITY")),
        ({"monitoringTypes": "[]"}, ("AML", "ACTIVITY")),
        ({"monitoringTypes": '["ACTIVITY"]'}, ("ACTIVITY",)),
        ({"monitoringTypes": '["AML","ACTIVITY","AML"]'}, ("AML", "ACTIVITY")),
        ({"monitoringTypes": "AML"}, ("AML",)),
        ({"monitoringTypes": "ACTIVITY, AML"}, ("ACTIVITY", "AML")),
    ],
)
def test_a_step_names_types_as_a_list_or_a_text_and_all_when_it_names_none(
    settings: dict[str, str], types: tuple[str, ...]
) -> None:
    assert of_step(**settings).types == types


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({"enabled": "yes"}, 'enabled is true or false, not "yes"'),
        ({"monitoringTypes": "PEP"}, 'no monitoring type "PEP"; there are AML, ACTIVITY'),
        ({"monitoringTypes": '["AML", 1]'}, "monitoringTypes is a list of texts"),
        ({"monitoringTypes": '["AML"'}, "monitoringTypes is a list of texts"),
    ],
)
def test_a_step_that_cannot_be_meant_says_why(settings: dict[str, str], text: str) -> None:
    with pytest.raises(Refused) as raised:
        of_step(**settings)
    assert str(raised.value) == text
    request = step(**settings).data
    assert isinstance(request, CheckRequested)
    completed = failure(request, raised.value, NOON)
    assert (completed.error, completed.cause) == ("Check.BadSettings", text)
    assert completed.result
    assert completed.result.outcome.result == "ERROR"


def test_a_change_says_who_when_by_which_request_and_why() -> None:
    (told,) = obey(Watched(("c1", "p1")), of_command(types=["AML"], by="Ana", request="r-1", comment="New"), NOON)
    assert (told.changedBy, told.changedAt, told.requestId, told.comment) == ("Ana", NOON, "r-1", "New")
    assert (told.monitoringType, told.enabled, told.wasEnabled, told.sequence) == ("AML", True, False, 1)
    (told,) = obey(Watched(("c1", "p1")), of_step(monitoringTypes="AML"), NOON)
    assert (told.changedBy, told.requestId, told.workflowExecutionId) == ("workflow", "r1", "execution-1")


def test_without_a_request_id_the_event_is_the_request() -> None:
    assert of_command(id="event-9", request=None).request_id == "event-9"


def test_what_holds_already_is_told_as_no_change() -> None:
    watched = Watched(("c1", "p1"))
    obey(watched, of_command(types=["AML"]), NOON)
    (told,) = obey(watched, of_command(types=["AML"]), NOON)
    assert (told.enabled, told.wasEnabled, told.sequence) == (True, True, 2)


def test_a_person_is_kept_while_something_watches_them_and_no_longer() -> None:
    watched = Watched(("c1", "p1"))
    obey(watched, of_command(individual=person("Ada"), entityVersion=3), NOON)
    assert (watched.entity_version, watched.individual is not None) == (3, True)
    obey(watched, of_command(types=["AML"], enabled=False, individual=None), NOON)
    assert watched.entity_version == 3
    obey(watched, of_command(types=["ACTIVITY"], enabled=False, individual=None), NOON)
    assert not watched.enabled
    assert watched.individual is None


def test_an_older_version_of_a_person_never_overwrites_a_newer_one() -> None:
    watched = Watched(("c1", "p1"))
    obey(watched, of_command(individual=person("New"), entityVersion=3), NOON)
    obey(watched, of_command(individual=person("Old"), entityVersion=2), NOON)
    assert watched.entity_version == 3
    assert "New" in (watched.individual or "")


def test_nobody_is_watched_who_is_not_known() -> None:
    with pytest.raises(Refused) as raised:
        obey(Watched(("c1", "p1")), of_command(individual=None), NOON)
    assert raised.value.reason == "NO_PERSON"
    watched = Watched(("c1", "p1"))
    obey(watched, of_command(types=["AML"]), NOON)
    assert [told.monitoringType for told in obey(watched, of_command(individual=None), NOON)] == list(TYPES)


@given(st.lists(st.tuples(st.sampled_from([(), ("AML",), ("ACTIVITY",), TYPES]), st.booleans())))
def test_the_last_request_for_a_type_holds_and_each_is_numbered(asked: list[tuple[tuple[str, ...], bool]]) -> None:
    watched = Watched(("c1", "p1"))
    told = [one for types, on in asked for one in obey(watched, of_command(types=list(types), enabled=on), NOON)]
    for type in TYPES:
        mine = [one for one in told if one.monitoringType == type]
        assert [one.sequence for one in mine] == list(range(1, len(mine) + 1))
        assert [one.wasEnabled for one in mine] == [False, *(one.enabled for one in mine)][: len(mine)]
        assert not mine or watched.subscriptions[type].enabled == mine[-1].enabled
    assert watched.enabled == (watched.entity_version is not None)


@pytest.mark.parametrize(("enabled", "code"), [("true", "MONITORING_ENABLED"), ("false", "MONITORING_DISABLED")])
def test_the_step_is_complete_and_neither_passes_nor_fails(enabled: str, code: str) -> None:
    request = step(enabled=enabled).data
    assert isinstance(request, CheckRequested)
    completed = answer(request, asked_by_step(request), NOON)
    assert completed.result
    outcome = completed.result.outcome
    assert (outcome.stepName, outcome.result, outcome.reasons[0].code) == ("MONITOR_TOGGLE", "COMPLETE", code)
    assert completed.error is None
