"""The risk assessment of an execution: what people overrode, and what later events make of it."""

from typing import Any

import httpx
import pytest

from libs.events.message import Event
from libs.events.models import ExecutionState, RiskFactorScore, RiskLevel, RiskScore, StepOutcome, StepResultCode
from services.results.fold import execution_id
from tests.services.results import factory
from tests.services.results.conftest import Projection

pytestmark = pytest.mark.asyncio

BEGIN = factory.onboarded("e1")
LATER = factory.requested("e1", version=1, seconds=60)
CHANGED = factory.requested("e1", version=2, seconds=90, individual=factory.person("Married"))
OVERRIDDEN = RiskScore(
    score=25,
    level=RiskLevel.LOW,
    profile="standard@1",
    workflowScore=55,
    workflowLevel=RiskLevel.HIGH,
    factors=[
        RiskFactorScore(factor="is_pep", value="true", score=5, status="OVERRIDDEN", manualOverrideScore=5, rule="r1"),
        RiskFactorScore(factor="entity_age", value="25 to 69", score=20),
        RiskFactorScore(factor="num_pep", value="1", score=0, status="DISCARDED"),
    ],
)


async def assessment(api: httpx.AsyncClient, begin: Event = BEGIN) -> Any:
    path = f"/v2/individuals/e1/serviceprofiles/KYC/workflows/Standard/executions/{execution_id(begin.id)}"
    return (await api.get(path)).json()["workflowResult"]["riskAssessment"]


async def test_what_a_person_overrode_is_told_beside_what_the_workflow_found(
    projection: Projection, api: httpx.AsyncClient
) -> None:
    outcome = StepOutcome(stepName="RISK", result=StepResultCode.COMPLETE, risk=OVERRIDDEN)
    result = factory.risk().model_copy(update={"outcome": outcome})
    await projection.fold([BEGIN, factory.progressed(BEGIN, 1, accepted=[result], state=ExecutionState.SUCCEEDED)])
    told = await assessment(api)
    assert (told["workflowRiskScore"], told["workflowRiskLevel"]) == (55, "HIGH")
    assert (told["riskScore"], told["riskLevel"], told["isOutdated"]) == (25, "LOW", False)
    factors = told["riskFactors"]
    assert [(one["status"], one.get("manualOverrideScore")) for one in factors] == [
        ("OVERRIDDEN", 5),
        ("VALID", None),
        ("DISCARDED", None),
    ]
    await projection.fold([CHANGED])
    changed = await assessment(api)
    assert changed["isOutdated"] is True
    assert [one["status"] for one in changed["riskFactors"]] == ["OVERRIDDEN", "STALE", "DISCARDED"]


async def test_a_later_assessment_outdates_an_earlier_one(projection: Projection, api: httpx.AsyncClient) -> None:
    await projection.fold([BEGIN, *factory.story(BEGIN)])
    assert (await assessment(api))["isOutdated"] is False
    await projection.fold([LATER, *factory.story(LATER, seconds=60)])
    assert [(await assessment(api, one))["isOutdated"] for one in (BEGIN, LATER)] == [True, False]
    factors = (await assessment(api))["riskFactors"]
    assert {one["status"] for one in factors} == {"VALID"}
