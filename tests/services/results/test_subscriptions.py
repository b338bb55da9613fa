"""What a person is watched for, told from every change."""

from dataclasses import asdict
from itertools import permutations
from typing import Any

from libs.events.message import Event
from libs.events.models import LifecyclePhase
from services.results.fold import fold
from services.results.rows import Rows
from services.results.subscriptions import of_person, of_profile
from services.results.views import service_profile_id
from tests.services.results import factory
from tests.services.results.factory import at, subscribed

PROFILE = service_profile_id("c1", "e1", "KYC")


def rows(*events: Event) -> list[dict[str, Any]]:
    """As the API reads them."""
    folded = Rows()
    for event in events:
        fold(folded, event)
    return [asdict(row) for _, row in sorted(folded.subscription_changes.items())]


def workflows(**types: list[str]) -> list[dict[str, Any]]:
    """MONITORING workflows and the types they take."""
    folded = Rows()
    for name, taken in types.items():
        fold(folded, factory.published(name, phase=LifecyclePhase.MONITORING, types=taken))
    return [asdict(row) for _, row in sorted(folded.workflows.items())]


def test_a_subscription_is_told_with_the_workflows_that_take_its_type() -> None:
    told = of_profile(rows(subscribed("AML")), workflows(Screening=["AML"], Any=[], Activity=["ACTIVITY"]))
    assert [one["workflowName"] for one in told] == ["Any", "Screening"]
    assert told[1] == {
        "serviceProfileId": PROFILE,
        "type": "AML",
        "workflowName": "Screening",
        "workflowId": "id-Screening",
        "status": "ENABLED",
        "enabledAt": at(201),
        "enabledRequestId": "request-AML-1",
        "enabledBy": "analyst",
    }


def test_a_type_that_no_workflow_takes_is_told_all_the_same() -> None:
    (told,) = of_profile(rows(subscribed("ACTIVITY")), workflows(Screening=["AML"]))
    assert (told["type"], told["status"]) == ("ACTIVITY", "ENABLED")
    assert "workflowName" not in told


def test_the_end_says_since_when_it_was_and_by_whom() -> None:
    ended = subscribed("AML", 2, enabled=False, changedBy="officer")
    (told,) = of_profile(rows(subscribed("AML"), ended), [])
    assert told == {
        "type": "AML",
        "status": "DISABLED",
        "enabledAt": at(201),
        "enabledRequestId": "request-AML-1",
        "enabledBy": "analyst",
        "disabledAt": at(202),
        "disabledRequestId": "request-AML-2",
        "disabledBy": "officer",
    }


def test_the_order_in_which_changes_come_and_repeats_do_not_matter() -> None:
    changes = [subscribed("AML"), subscribed("AML", 2, enabled=False), subscribed("AML", 3)]
    in_turn = of_profile(rows(*changes), [])
    assert in_turn[0]["enabledRequestId"] == "request-AML-3"
    assert "disabledAt" not in in_turn[0]
    for order in permutations(changes):
        assert of_profile(rows(*order, *order), []) == in_turn


def test_a_request_for_what_held_already_changes_no_date() -> None:
    (told,) = of_profile(rows(subscribed("AML"), subscribed("AML", 2, wasEnabled=True)), [])
    assert told["enabledRequestId"] == "request-AML-1"
    assert of_profile(rows(subscribed("AML", enabled=False, wasEnabled=False)), []) == []


def test_a_person_is_told_of_by_type_and_service() -> None:
    told = of_person(rows(subscribed("AML")), workflows(Screening=["AML"], Again=["AML"]))
    assert told.keys() == {"AML"}
    (service,) = told["AML"]["subscriptions"]
    assert (service["serviceName"], service["serviceProfileId"], service["status"]) == ("KYC", PROFILE, "ENABLED")
    assert [one["workflowName"] for one in service["workflows"]] == ["Again", "Screening"]
    assert (told["AML"]["status"], told["AML"]["providers"]) == ("ENABLED", ["vetstream"])


def test_whoever_was_never_watched_is_not() -> None:
    nobody = {"AML": {"subscriptions": [], "providers": ["vetstream"], "status": "DISABLED"}}
    assert of_person([], workflows(Screening=["AML"])) == nobody
