"""What people change by hand goes through all services: what follows from it, and what the next run makes of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest_asyncio

from libs.audit.finding import find
from libs.audit.parts import Parts
from libs.audit.replaying import replay
from libs.audit.topics import machine_of
from libs.embedded.database import RunningDatabase
from libs.embedded.sample.people import read_people
from libs.events.models import Address, Document
from services.orchestration.tokens import Tokens
from services.results.api import models
from services.results.api.app import create_app
from services.results.api.parts import ProducerPublisher
from services.results.policy import Reevaluation, load
from tests.factory import onboarded, person
from tests.flows.system import API_KEY, System, execution_of, shared_check

Json = dict[str, Any]

CLEAN = next(one.individual for one in read_people() if one.group == "clean")
PASSPORT = Document(documentId="d1", type="PASSPORT", country="AUS", primaryIdentifier="XX1", expiryDate="2090-01-01")
STRANGER = person("Jane", "Citizen", "1990-04-05", addresses=[Address(country="KEN")], documents=[PASSPORT])
ONBOARDING = "/serviceprofiles/Onboarding/workflows/Individual-Onboarding"


class Caller:
    """A caller of the API, while everything runs."""

    def __init__(self, system: System, client: httpx.AsyncClient) -> None:
        self.system = system
        self.client = client

    async def __call__(self, method: str, path: str, json: Json | None = None, status: int = 200) -> Json:
        asked = asyncio.create_task(self.client.request(method, f"/v2/individuals/p1{path}", json=json))
        while not asked.done():
            await self.system.settle()
            await asyncio.sleep(0.01)
        answer = await asked
        assert answer.status_code == status, answer.text
        told: Json = answer.json()
        return told

    async def run(self) -> models.WorkflowResult:
        """The onboarding workflow, run again."""
        told = await self("POST", f"{ONBOARDING}/execute")
        return models.Executed.model_validate(told).workflowResult


@asynccontextmanager
async def calling(system: System) -> AsyncIterator[Caller]:
    app = create_app(
        system.engines["results"], ProducerPublisher(system.broker.producer()), system.broker, wait_seconds=60
    )
    app.state.parts = replace(app.state.parts, clock=system.clock)
    headers = {"api_key": API_KEY, "X-Frankie-CustomerID": "c1", "X-Frankie-Username": "Ana"}
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://api", headers=headers) as client,
    ):
        yield Caller(system, client)


@pytest_asyncio.fixture
async def api(system: System) -> AsyncIterator[Caller]:
    async with calling(system) as caller:
        yield caller


def kyc(result: models.WorkflowResult) -> models.StepResult:
    return next(one for one in result.workflowStepResults if one.stepName == "KYC")


def sources(result: models.WorkflowResult) -> list[str]:
    """Who was asked, other than the check itself."""
    return [one["provider"] for one in kyc(result).serviceProviders if one["provider"] != "kyc"]


def factor(assessment: models.RiskAssessment | None, name: str) -> Json:
    assert assessment is not None
    return next(one for one in assessment.riskFactors if one["factor"] == name)


async def replayed(system: System, execution: str) -> str:
    """What running an execution again from its record comes to."""
    case = await find(system.engines["results"], system.broker, execution)
    checks = {name: shared_check(name) for name in ("kyc", "aml", "risk", "decision")}
    return (await replay(case, machine_of(case), Parts(system.broker, checks), Tokens(b"secret").make)).lines[0]


async def test_after_manual_kyc_no_source_is_asked_until_it_is_taken_back(system: System, api: Caller) -> None:
    await system.publish(onboarded("p1", individual=STRANGER))
    await system.settle()
    seen = {"approvedBy": "Ana", "approvedDocuments": ["d1"], "comment": {"text": "seen at the branch"}}
    approved = models.Resolved.model_validate(await api("POST", "/results/mkyc", seen)).processResults
    assert [(one.result, one.manualStatus, one.systemStatus) for one in approved] == [("MANUAL", "PASS", "VALID")]

    first = await api.run()
    assert (kyc(first).result, sources(first)) == ("PASS", [])
    assert "KYC" in first.steps.passed
    assert first.result == "REVIEW"  # the picture of the passport is missing
    assert await replayed(system, first.workflowExecutionId) == "identical"

    taken_back = await api("POST", "/results/mkyc/invalidate", {"comment": {"text": "forged"}})
    (invalid,) = models.Resolved.model_validate(taken_back).processResults
    assert (invalid.processResultId, invalid.systemStatus) == (approved[0].processResultId, "MARKED_INVALID")
    second = await api.run()
    assert (kyc(second).result, second.result) == ("NO_MATCH", "FAIL")
    assert sources(second)
    await api("POST", "/results/mkyc/invalidate", status=409)


async def test_manual_kyc_holds_for_whoever_starts_the_next_run_but_not_for_another_person(
    system: System, api: Caller
) -> None:
    await system.publish(onboarded("p1", individual=STRANGER))
    await system.settle()
    await api("POST", "/results/mkyc", {"approvedBy": "Ana", "approvedDocuments": ["d1"]})
    again = onboarded("p1", individual=STRANGER, entityVersion=2)
    married = STRANGER.model_copy(update={"name": CLEAN.name})
    await system.publish(again, onboarded("p1", individual=married, entityVersion=3))
    await system.settle()
    rows = await system.query(
        "results", "SELECT steps FROM projection.executions WHERE entity_id = 'p1' ORDER BY entity_version"
    )
    results = [dict(row.steps)["KYC"] for row in rows]
    assert results[1] == "PASS"
    assert "PASS" not in (results[0], results[2])
    (evidence,) = await system.query(
        "results", "SELECT system_status FROM projection.process_results WHERE result = 'MANUAL' AND sequence = 0"
    )
    assert evidence.system_status == "STALE"


async def test_points_by_hand_change_the_assessment_as_the_next_run_assesses_it(system: System, api: Caller) -> None:
    await system.publish(onboarded("p1", individual=STRANGER))
    await system.settle()
    before = await api.run()
    asked = {"riskFactors": [{"factor": "kyc_result", "manualOverrideScore": 3}], "comment": {"text": "known"}}
    told = models.RiskAmended.model_validate(await api("PATCH", "/serviceprofiles/Onboarding/risk", asked))
    amended = told.riskAssessment
    assert before.riskAssessment
    assert (amended.workflowRiskScore, amended.workflowRiskLevel) == (
        before.riskAssessment.riskScore, before.riskAssessment.riskLevel,
    )  # fmt: skip
    overridden = factor(amended, "kyc_result")
    assert (overridden["status"], overridden["manualOverrideScore"]) == ("OVERRIDDEN", 3)
    assert (overridden["updatedBy"], overridden["updatedRequestId"]) == ("Ana", told.requestId)

    after = await api.run()
    assert after.riskAssessment
    assert (after.riskAssessment.riskScore, after.riskAssessment.riskLevel) == (amended.riskScore, amended.riskLevel)
    assert after.riskAssessment.workflowRiskScore == amended.workflowRiskScore
    assert factor(after.riskAssessment, "kyc_result")["status"] == "OVERRIDDEN"
    assert await replayed(system, after.workflowExecutionId) == "identical"

    back = {"riskFactors": [{"factor": "kyc_result", "manualOverrideScore": None}]}
    again = models.RiskAmended.model_validate(await api("PATCH", "/serviceprofiles/Onboarding/risk", back))
    assert factor(again.riskAssessment, "kyc_result")["status"] == "VALID"
    assert again.riskAssessment.riskScore == before.riskAssessment.riskScore
    assert (await api.run()).riskAssessment.riskScore == before.riskAssessment.riskScore  # type: ignore[union-attr]


LISTED = person("Nicolas", "Maduro Moros", "1962-11-23", nationality="VEN")
AGAIN = {"serviceName": "Onboarding", "workflowName": "Individual-Onboarding", "by": "Re-Evaluation"}


@pytest_asyncio.fixture
async def judging(embedded_database: RunningDatabase) -> AsyncIterator[System]:
    """A system whose policy has executions judged again."""
    policy = load().model_copy(update={"reevaluations": [Reevaluation(**AGAIN)]})
    async with System(embedded_database, policy=policy) as running:
        yield running


async def resolve(call: Caller, ids: list[str], status: str) -> None:
    await call("PATCH", "/results/aml", {"processResults": ids, "manualStatus": status})
    await call.system.settle()


async def judgements(system: System) -> list[Any]:
    """What was judged again, in order: which execution, what came of it, and by which factors."""
    return await system.query(
        "results",
        """SELECT workflow->>'reevaluates' AS of, result, status, risk->'riskFactors' AS factors
        FROM projection.executions WHERE workflow_name = 'Re-Evaluation' ORDER BY started_at""",
    )


async def test_the_last_open_hit_resolved_has_risk_and_decision_judged_again(judging: System) -> None:
    start = onboarded("p1", individual=LISTED)
    await judging.publish(start)
    await judging.settle()
    async with calling(judging) as call:
        one = f"{ONBOARDING}/executions/{execution_of(start)}"
        before = models.Execution.model_validate(await call("GET", one)).workflowResult
        hits = [
            one.processResultId
            for step in before.workflowStepResults
            if step.stepName == "AML"
            for one in step.processResults
        ]
        assert hits
        await call("PATCH", one, {"status": "APPROVED", "comment": {"text": "known to the board"}})
        await resolve(call, hits, "UNKNOWN")
        assert await judgements(judging) == []
        await resolve(call, hits, "FALSE_POSITIVE")
        (judged,) = await judgements(judging)
        assert (judged.of, judged.result) == (execution_of(start), "FAIL")  # no source knows the person
        told = {one["factor"]: one["value"] for one in judged.factors}
        assert (told["has_sanctions"], told["num_sanctions"]) == ("false", "0")

        after = models.Execution.model_validate(await call("GET", one)).workflowResult
    changed = {name for name, value in after.model_dump().items() if value != before.model_dump()[name]}
    assert changed <= {
        *("status", "statusOverrideAt", "statusOverrideBy", "statusOverrideRequestId", "isManual", "updatedAt"),
        *("updatedBy", "version", "steps", "issues", "workflowStepResults", "riskAssessment"),
    }
    assert (after.status, after.result) == ("APPROVED", before.result)
    raised = [one for one in after.issues if one["category"] == "INFORMATIONAL"]
    assert [(one["issue"], one["severity"], one["isCleared"]) for one in raised] == [
        ("DATA_CONSISTENCY", "REVIEW", False)
    ]
