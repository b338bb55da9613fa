"""People go through the whole system, as customers see it: events in, the HTTP API out."""

import pytest

from libs.embedded.sample.people import SamplePerson
from tests.e2e.client import ONBOARDING, SCREENING, Customer, as_json, customer, of, steps
from tests.e2e.containers import System
from tests.e2e.people import sample

GROUPS = {"clean": 2, "listed-latin": 2, "listed-arabic": 1, "unknown": 1, "half-known": 1}


def expected(person: SamplePerson) -> tuple[str, dict[str, str]]:
    """The status and the steps that the person is in the sample for; who shows no document has no step of it."""
    codes = {name: code.value for name, code in person.expected.steps.items() if name != "IDV"}
    return person.expected.status.value, codes


def test_the_workflows_that_ship_may_be_executed(someone: Customer) -> None:
    told = {(one["serviceName"], one["workflowName"]): one for one in someone.get("workflows")["workflows"]}
    assert told[ONBOARDING]["lifecyclePhase"] == "ONBOARDING"
    assert (told[SCREENING]["lifecyclePhase"], told[SCREENING]["monitoringTypes"]) == ("MONITORING", ["AML"])


def test_people_taken_on_by_events_come_to_their_outcomes(someone: Customer) -> None:
    people = {one.entityId: one for group, count in GROUPS.items() for one in sample(group, count)}
    someone.take_on({entity: one.individual for entity, one in people.items()})
    ended = someone.outcomes(people)
    for entity, one in people.items():
        status, codes = expected(one)
        found = steps(ended[entity])
        assert (ended[entity]["status"], {name: found.get(name) for name in codes}) == (status, codes), entity
        assert found.keys() >= {"DUPLICATE", "KYC", "AML", "BLOCKLIST", "RISK", "DECISION"}
    overview = someone.get("executions", limit="100")
    assert overview["counts"]["states"] == {"COMPLETED": len(people)}
    refused = someone.get("executions", statuses="FAIL", limit="100")["executions"]
    assert {one["entityId"] for one in refused} == {name for name, one in people.items() if expected(one)[0] == "FAIL"}


@pytest.mark.parametrize("group", ["clean", "unknown"])
def test_a_person_taken_on_by_the_api_comes_to_the_same_outcome(someone: Customer, group: str) -> None:
    (one,) = sample(group, 1)
    ended = someone.execute("new", ONBOARDING, {"individual": {**as_json(one.individual), "entityId": "p1"}})
    status, codes = expected(one)
    assert (ended["status"], {name: steps(ended)[name] for name in codes}) == (status, codes)
    person = someone.get("individuals", "p1")
    assert person["individual"]["name"]["familyName"] == one.individual.name.familyName
    assert [one["serviceName"] for one in person["serviceProfiles"]] == [ONBOARDING[0]]


def test_what_was_found_about_a_person_can_be_asked_for(someone: Customer) -> None:
    (one,) = sample("listed-latin", 1)
    someone.take_on({"p1": one.individual})
    someone.outcomes(["p1"])
    hits = someone.get("individuals", "p1", "results", stepNames="AML")
    assert hits["meta"]["total"] == len(hits["processResults"]) >= 1
    for hit in hits["processResults"]:
        assert (hit["class"], hit["result"], hit["entityId"]) == ("AML", "HIT", "p1")
        assert hit["providerResult"]["reference"] in one.note


def test_an_override_changes_the_status_and_tells_who_and_why(system: System, someone: Customer) -> None:
    (one,) = sample("unknown", 1)
    ended = someone.execute("new", ONBOARDING, {"individual": {**as_json(one.individual), "entityId": "p1"}})
    path = *of("p1", ONBOARDING), "executions", ended["workflowExecutionId"]
    change = {"status": "PASS", "comment": {"text": "Known to the branch for years."}}
    seen = f'"{ended["version"]}"'
    officer = customer(system, someone.id, user="officer@bank.example")
    told = officer.patch(*path, body=change, If_Match=seen)["workflowResult"]
    assert (told["status"], told["statusOverrideBy"]) == ("PASS", "officer@bank.example")
    assert (told["result"], steps(told)) == (ended["result"], steps(ended))
    # Whoever has not seen this does not write over it.
    officer.patch(*path, body={"status": "FAIL"}, expect=409, If_Match=seen)
    officer.http.close()
    assert someone.get(*path)["workflowResult"] == told
    (kept,) = someone.get(*path, "history")["overrides"]
    assert (kept["status"], kept["previousStatus"], kept["amendedBy"]) == ("PASS", "FAIL", "officer@bank.example")
    assert kept["comment"] == "Known to the branch for years."


def test_a_person_who_is_known_can_be_screened_again(someone: Customer) -> None:
    (one,) = sample("clean", 1)
    someone.take_on({"p1": one.individual})
    before = someone.outcomes(["p1"])["p1"]
    screened = someone.execute("p1", SCREENING)
    assert (screened["status"], screened["lifecyclePhase"]) == ("PASS", "MONITORING")
    assert screened["monitoringTypes"] == ["AML"]
    assert steps(screened) == {"AML": "CLEAR", "DECISION": "PASS"}
    assert someone.only("p1") == before
    profiles = someone.get("individuals", "p1")["serviceProfiles"]
    assert {one["serviceName"] for one in profiles} == {ONBOARDING[0], SCREENING[0]}


def test_another_customer_sees_nothing_of_it(system: System, someone: Customer) -> None:
    someone.take_on({"p1": sample("clean", 1)[0].individual})
    ended = someone.outcomes(["p1"])["p1"]
    other = customer(system, f"{someone.id}-other")
    other.get("individuals", "p1", expect=404)
    other.get(*of("p1", ONBOARDING), "executions", ended["workflowExecutionId"], expect=404)
    assert other.get("executions")["executions"] == []
    other.http.close()
