"""The risk assessment of an execution: what people overrode, and what later events make of it."""

import random
from collections.abc import Sequence
from typing import Any

import httpx
import pytest

from libs.events.message import Event
from libs.events.models import (
    ExecutionState,
    RiskAmended,
    RiskBand,
    RiskFactorScore,
    RiskLevel,
    RiskScore,
    RulingRequested,
    StepOutcome,
    StepResultCode,
)
from services.results import rebuild
from services.results.api import models
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


PATH = "/v2/individuals/e1/serviceprofiles/KYC/risk"
ASSESSED = RiskScore(
    score=35,
    level=RiskLevel.MEDIUM,
    profile="standard@1",
    bands=[RiskBand(level=RiskLevel.LOW), RiskBand(level=RiskLevel.MEDIUM, start=31)],
    factors=[
        RiskFactorScore(factor="is_pep", value="true", score=35, category="AML", points=35),
        RiskFactorScore(factor="entity_age", value="25 to 69", score=0, category="Entity", points=0),
    ],
)


@pytest.fixture
async def assessed(projection: Projection, api: httpx.AsyncClient) -> None:
    outcome = StepOutcome(stepName="RISK", result=StepResultCode.COMPLETE, risk=ASSESSED)
    result = factory.risk().model_copy(update={"outcome": outcome})
    await projection.fold([BEGIN, factory.progressed(BEGIN, 1, accepted=[result], state=ExecutionState.SUCCEEDED)])


async def amend(api: httpx.AsyncClient, **body: Any) -> httpx.Response:
    return await api.patch(PATH, json=body)


def points(**given: int | None) -> list[dict[str, Any]]:
    return [{"factor": name, "manualOverrideScore": one} for name, one in given.items()]


@pytest.mark.usefixtures("assessed")
async def test_a_level_set_by_hand_stands_beside_what_was_assessed(api: httpx.AsyncClient) -> None:
    before = await assessment(api)
    response = await amend(api, riskLevel="UNACCEPTABLE", comment={"text": "a change of business"})
    told = models.RiskAmended.model_validate(response.json())
    assert (told.riskAssessment.riskLevel, told.riskAssessment.updatedBy) == ("UNACCEPTABLE", "officer")
    assert told.riskAssessment.updatedRequestId == told.requestId
    after = await assessment(api)
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {"riskLevel", "updatedAt", "updatedBy", "updatedRequestId"}
    assert after["workflowRiskLevel"] == "MEDIUM"


@pytest.mark.usefixtures("assessed")
async def test_points_by_hand_are_added_up_as_the_assessment_would(api: httpx.AsyncClient) -> None:
    assert (await amend(api, riskFactors=points(is_pep=30, entity_age=2))).status_code == 200
    after = await assessment(api)
    assert (after["riskScore"], after["riskLevel"], after["workflowRiskScore"]) == (32, "MEDIUM", 35)
    assert (await amend(api, riskFactors=points(entity_age=None))).status_code == 200
    after = await assessment(api)
    assert (after["riskScore"], after["riskLevel"]) == (30, "LOW")
    assert [(one["status"], one.get("manualOverrideScore")) for one in after["riskFactors"]] == [
        ("OVERRIDDEN", 30), ("VALID", None),
    ]  # fmt: skip


@pytest.mark.usefixtures("assessed")
async def test_of_a_level_and_of_points_the_later_word_counts(api: httpx.AsyncClient) -> None:
    await amend(api, riskLevel="HIGH")
    await amend(api, riskFactors=points(is_pep=0))
    assert (await assessment(api))["riskLevel"] == "LOW"
    await amend(api, riskLevel="HIGH")
    after = await assessment(api)
    assert (after["riskLevel"], after["riskScore"]) == ("HIGH", 0)


@pytest.mark.usefixtures("assessed")
@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({}, "riskLevel"),
        ({"riskLevel": "SEVERE"}, "riskLevel"),
        ({"riskLevel": "LOW", "riskFactors": points(is_pep=1)}, "riskLevel"),
        ({"riskFactors": points(is_pep=1, num_pep=2)}, "riskFactors[1].factor"),
        ({"riskFactors": points(is_pep=-1)}, "riskFactors[0].manualOverrideScore"),
    ],
)
async def test_what_cannot_be_meant_is_refused_with_its_place(
    api: httpx.AsyncClient, projection: Projection, body: dict[str, Any], place: str
) -> None:
    response = await amend(api, **body)
    assert response.status_code == 422
    assert models.Error.model_validate(response.json()).details[0].issueLocation == place
    assert projection.published == []


async def test_there_is_a_conflict_while_an_execution_runs_and_where_nothing_was_assessed(
    projection: Projection, api: httpx.AsyncClient
) -> None:
    assert (await amend(api, riskLevel="LOW")).status_code == 404
    await projection.fold([BEGIN, factory.progressed(BEGIN, 1)])
    assert "in progress" in (await amend(api, riskLevel="LOW")).json()["errorMsg"]
    await projection.fold([factory.progressed(BEGIN, 2, state=ExecutionState.SUCCEEDED)])
    response = await amend(api, riskLevel="LOW")
    assert (response.status_code, response.json()["errorMsg"]) == (409, "no risk has been assessed")


@pytest.mark.usefixtures("assessed")
async def test_of_two_levels_for_the_same_one_wins(projection: Projection, api: httpx.AsyncClient) -> None:
    folds = projection.fold

    async def other_first(events: Sequence[Event], size: int = 500) -> None:
        (mine,) = events
        assert isinstance(mine.data, RiskAmended)
        other = mine.data.model_copy(update={"amendmentId": "other", "riskLevel": RiskLevel.LOW})
        await folds([factory.event("risk.amended", other, "other"), mine], size)

    projection.fold = other_first  # type: ignore[method-assign]
    response = await amend(api, riskLevel="HIGH")
    assert (response.status_code, response.json()["errorCode"]) == (409, "CONFLICT")
    assert (await assessment(api))["riskLevel"] == "LOW"


@pytest.mark.usefixtures("assessed")
@pytest.mark.parametrize("seed", range(4))
async def test_in_whatever_order_it_is_read_the_same_comes_of_it(
    projection: Projection, api: httpx.AsyncClient, seed: int
) -> None:
    await amend(api, riskLevel="HIGH")
    await amend(api, riskFactors=points(is_pep=7))
    levels = [one for one in projection.published if isinstance(one.data, RiskAmended)]
    decide = type(projection.rulings)().decide
    given = [
        factory.event("ruling.changed", decide(one.data), one.id)
        for one in projection.published
        if isinstance(one.data, RulingRequested)
    ]
    outcome = StepOutcome(stepName="RISK", result=StepResultCode.COMPLETE, risk=ASSESSED)
    result = factory.risk().model_copy(update={"outcome": outcome})
    told = factory.progressed(BEGIN, 1, accepted=[result], state=ExecutionState.SUCCEEDED)
    events = [factory.published(), BEGIN, told, *levels, *given, *levels, *given]
    random.Random(seed).shuffle(events)
    other = await projection.beside()
    await other.fold(events, size=1 + seed)
    async with projection.engine.connect() as connection:
        assert await rebuild.compare(connection, projection.schema, other.schema) is None
