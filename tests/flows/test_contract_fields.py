"""The contract's fields in every state of an execution, made by the services and read through the API."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import yaml

from libs.asl import Machine
from libs.events.message import Event
from libs.events.models import (
    Address,
    Document,
    ExecutionCommand,
    ExecutionStatus,
    LifecyclePhase,
    ResultsAmended,
)
from services.orchestration.definitions import Workflow, publish
from services.results.api import models
from services.results.api.app import create_app
from services.results.api.parts import ProducerPublisher
from tests.contract import ContractTransport
from tests.factory import event, onboarded, person
from tests.flows.system import API_KEY, System, execution_of
from tests.flows.test_commands import commanded

FIELDS = yaml.safe_load(Path(__file__).with_name("contract_fields.yaml").read_text())
PASSPORT = Document(
    type="PASSPORT",
    country="UTO",
    mrz="P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10",
)
LISTED = person(
    "Nicolas", "Maduro Moros", "1962-11-23", nationality="VEN", documents=[PASSPORT],
    addresses=[Address(country="VEN", locality="Caracas", streetName="Main", streetNumber="1")],
)  # fmt: skip
ASKED = {"requestId": "request-1", "requestedBy": "integrator"}
SLOW = {
    "StartAt": "KYC",
    "TimeoutSeconds": 10,
    "States": {"KYC": {"Type": "Task", "Resource": "vetstream:check:kyc", "End": True}},
}
Json = dict[str, Any]


async def read(system: System, start: Event) -> Json:
    """The execution in the list of its workflow's, whatever its state; its form is checked on the way."""
    app = create_app(system.engines["results"], ProducerPublisher(system.broker.producer()), system.broker)
    headers = {"api_key": API_KEY, "X-Frankie-CustomerID": "c1"}
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=ContractTransport(app), base_url="http://api", headers=headers) as client,
    ):
        workflow = getattr(start.data, "workflowName", None) or "Individual-Onboarding"
        service = getattr(start.data, "serviceName", None) or "Onboarding"
        listed = await client.get(f"/v2/individuals/p1/serviceprofiles/{service}/workflows/{workflow}/executions")
    assert listed.status_code == 200, listed.text
    models.Executions.model_validate(listed.json())
    (result,) = listed.json()["workflowResults"]
    assert result["workflowExecutionId"] == execution_of(start)
    return dict(result)


def missing(names: Iterable[str], among: Mapping[str, Any]) -> list[str]:
    return [name for name in names if among.get(name) is None]


def check(result: Json, state: str) -> None:
    """Every field that the state asks for is there."""
    assert result["workflowExecutionState"] == state
    asked = FIELDS["workflowResult"]
    assert missing([*asked["always"], *asked[state]], result) == []
    filled = [*asked["filled"]["always"], *asked["filled"].get(state, [])]
    assert [name for name in filled if not result[name]] == []
    assert missing(FIELDS["steps"], result["steps"]) == []
    for issue in result["issues"]:
        assert missing(FIELDS["issue"], issue) == []
    if "riskAssessment" in result:
        assert missing(FIELDS["riskAssessment"], result["riskAssessment"]) == []
        assert [
            one for factor in result["riskAssessment"]["riskFactors"] for one in missing(FIELDS["riskFactor"], factor)
        ] == []
    for step in result["workflowStepResults"]:
        check_step(step)


def check_step(step: Json) -> None:
    name, asked = step["stepName"], FIELDS["stepResult"]
    ends = name in ("START", "FINISH")
    wanted = [*asked["always"], *([] if ends else asked["checks"])]
    answered = step["result"] not in ("ERROR", "INCOMPLETE")
    if answered:
        wanted += asked.get(name, [])
    assert missing(wanted, step) == [], name
    if ends:
        assert (step["result"], step["processResults"]) == ("COMPLETE", [])
    elif answered:
        assert step["serviceProviders"], name
        assert missing(FIELDS["summary"][name], step["summary"]) == [], name
    else:
        assert all(step[field] for field in asked["unanswered"]), name
    for provider in step["serviceProviders"]:
        assert missing(FIELDS["serviceProviders"], provider) == []
    for rule in [*step["summary"].get("matchedRules", []), *step["summary"].get("unmatchedRules", [])]:
        for match in rule["ruleMatches"]:
            assert missing(FIELDS["ruleMatches"], match) == []
            for kind in match["matchTypes"].values():
                assert missing(FIELDS["matchTypes"], kind) == []
    for finding in step["processResults"]:
        check_finding(finding)


def check_finding(finding: Json) -> None:
    asked = FIELDS["processResult"]
    kind = finding["class"]
    found = finding["result"] != "CLEAR"
    assert missing([*asked["always"], *(asked.get(kind, []) if found else [])], finding) == [], kind
    assert set(asked["named"]) <= finding.keys()
    assert missing(FIELDS["providerResult"], finding["providerResult"]) == []
    if found and kind in FIELDS["supplementaryData"]:
        assert missing(FIELDS["supplementaryData"][kind], finding["supplementaryData"]) == []


async def test_a_completed_execution(system: System) -> None:
    start = onboarded("p1", individual=LISTED, **ASKED)
    await system.publish(start)
    await system.settle()
    result = await read(system, start)
    check(result, "COMPLETED")
    steps = {step["stepName"]: step for step in result["workflowStepResults"]}
    assert list(steps) == result["steps"]["order"]
    assert steps["AML"]["summary"]["totalHits"] == len(steps["AML"]["processResults"]) > 0
    assert steps["AML"]["summary"]["providerSummaries"][0]["searchQuery"]["dateOfBirth"] == "1962-11-23"


async def test_an_overridden_execution(system: System) -> None:
    start = onboarded("p1", individual=LISTED, **ASKED)
    await system.publish(start)
    await system.settle()
    before = await read(system, start)
    amended = ResultsAmended(
        amendmentId="a1", customerId="c1", entityId="p1", workflowExecutionId=execution_of(start),
        expectedVersion=before["version"], status=ExecutionStatus.FAIL, amendedBy="officer", requestId="r2",
        amendedAt=system.now,
    )  # fmt: skip
    await system.publish(event(amended, "results.amended"))
    await system.settle()
    result = await read(system, start)
    check(result, "COMPLETED")
    assert missing(FIELDS["workflowResult"]["overridden"], result) == []
    assert (result["isManual"], result["status"], result["updatedBy"]) == (True, "FAIL", "officer")


async def test_an_execution_in_progress(system: System) -> None:
    start = onboarded("p1", individual=LISTED, **ASKED)
    await system.publish(start)
    await system.settle(without=["kyc"])
    result = await read(system, start)
    check(result, "IN_PROGRESS")
    assert "FINISH" not in result["steps"]["order"]


async def test_an_execution_that_failed(system: System) -> None:
    start = onboarded("p1", individual=LISTED, **ASKED)
    await system.publish(start)
    await system.settle(without=["decision"])
    await system.pass_time(timedelta(minutes=59), without=["decision"])
    result = await read(system, start)
    check(result, "ERROR")
    decision = result["workflowStepResults"][-1]
    assert (decision["stepName"], decision["result"]) == ("DECISION", "ERROR")
    assert {error["code"] for error in decision["errors"]} == {"States.Timeout"}


async def test_an_execution_whose_time_is_over(system: System) -> None:
    workflow = Workflow("Test", "Slow", "wf-slow", "test", LifecyclePhase.OTHER, ["AML"], Machine.load(SLOW))
    async with system.engines["orchestration"].begin() as connection:
        await publish(connection, workflow, system.now)
    start = onboarded("p1", individual=LISTED, serviceName="Test", workflowName="Slow", **ASKED)
    await system.publish(start)
    await system.settle(without=["kyc"])
    await system.pass_time(timedelta(seconds=11), without=["kyc"])
    result = await read(system, start)
    check(result, "TIMEOUT")
    assert result["monitoringTypes"] == ["AML"]
    assert [(step["stepName"], step["result"]) for step in result["workflowStepResults"]] == [
        ("START", "COMPLETE"), ("KYC", "INCOMPLETE"),
    ]  # fmt: skip


async def test_an_execution_that_was_stopped(system: System) -> None:
    start = onboarded("p1", individual=LISTED, **ASKED)
    await system.publish(start)
    await system.settle(without=["kyc"])
    await system.publish(commanded(system, start, ExecutionCommand.STOP, error="Operator.Stopped", cause="asked to"))
    await system.settle(without=["kyc"])
    result = await read(system, start)
    check(result, "CANCELED")
    assert result["errors"] == [{"code": "Operator.Stopped", "description": "asked to"}]
    assert "KYC" in result["steps"]["incomplete"]
