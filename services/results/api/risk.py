"""PATCH …/risk: a level that a person sets for the latest assessment, or points that they give to its factors."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Response

from libs.events.message import Event
from libs.events.models import RiskAmended, RiskLevel
from services.results import risks, views
from services.results.api import models, queries
from services.results.api.caller import Caller, CallerOf
from services.results.api.comments import why
from services.results.api.execute import Named
from services.results.api.parts import Parts, PartsOf
from services.results.api.problems import Detail, Problem, answer, conflict, not_found
from services.results.api.rulings import ask, ruling
from services.results.rulings import RISK
from services.results.service import Results

router = APIRouter(tags=["Risk"], responses=models.ERRORS | models.NOT_FOUND | models.CONFLICT | models.INVALID)

PLACE = "path.serviceName"
ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"model": models.RiskAmended, "description": "The assessment as it is now."},
    202: {"model": models.AmendmentAccepted, "description": "Published; not yet applied."},
}


@router.patch(
    "/v2/individuals/{entityId}/serviceprofiles/{serviceName}/risk",
    summary="Set the risk level of a person, or points of its factors",
    responses=ANSWERS,
)
async def amend(caller: CallerOf, parts: PartsOf, entityId: Named, serviceName: Named, body: models.Risk) -> Response:
    """What the workflow assessed stays beside it. Points of a factor count in later assessments of the person, too."""
    comment = why(parts, "updateIndividualRiskLevel", body.comment)
    execution = await _assessed(parts, caller, entityId, serviceName)
    if body.riskLevel is not None:
        told, amendment_id = await _set_level(parts, caller, execution, body.riskLevel, comment)
    else:
        given = _given(body, execution)
        told, amendment_id = await _give(parts, caller, execution, given, comment)
    if not told:
        return answer(202, {"requestId": caller.request_id, "amendmentId": amendment_id})
    async with parts.engine.connect() as reading:
        now = await queries.execution(reading, caller.customer_id, execution["execution_id"])
    assert now is not None, "an execution stays"
    return answer(200, {"requestId": caller.request_id, "riskAssessment": views.risk_assessment(now)})


async def _assessed(parts: Parts, caller: Caller, entity_id: str, service_name: str) -> queries.Row:
    """The latest execution of the profile that assessed the risk; a conflict while one is still at it."""
    async with parts.engine.connect() as reading:
        if await queries.individual(reading, caller.customer_id, entity_id) is None:
            raise not_found("individual", "path.entityId")
        rows = await queries.profile(reading, caller.customer_id, entity_id, service_name)
    if not rows:
        raise not_found("service profile", PLACE)
    if any(row["ended_at"] is None for row in rows):
        raise conflict("an execution is in progress", PLACE)
    assessed = next((row for row in rows if row["risk"] is not None), None)
    if assessed is None:
        raise conflict("no risk has been assessed", PLACE)
    return assessed


async def _set_level(
    parts: Parts, caller: Caller, execution: queries.Row, level: RiskLevel, comment: str | None
) -> tuple[bool, str]:
    key = caller.customer_id, execution["execution_id"]
    async with parts.engine.connect() as reading:
        before = await queries.level_that_holds(reading, *key)
    data = RiskAmended(
        amendmentId=caller.new_id("amendment"),
        customerId=caller.customer_id,
        entityId=execution["entity_id"],
        workflowExecutionId=execution["execution_id"],
        riskLevel=level,
        previousLevel=RiskLevel(execution["risk"]["riskLevel"]),
        standsOn=before["amendment_id"] if before else None,
        comment=comment,
        amendedBy=caller.username,
        requestId=caller.request_id,
        amendedAt=parts.clock(),
    )
    await parts.publisher.publish(
        Event(
            data.amendmentId,
            "risk.amended",
            Results.group,
            data.amendedAt,
            f"{data.customerId}:{data.entityId}",
            data,
            correlation=data.workflowExecutionId,
            traceparent=caller.traceparent,
        )
    )

    async def look() -> queries.Row | None:
        async with parts.engine.connect() as reading:
            return await queries.risk_amendment(reading, *key, data.amendmentId)

    decided = await parts.watch.until(data.amendmentId, look, parts.wait_seconds)
    if decided is not None and decided["refusal"] is not None:
        raise conflict(f"refused: {decided['refusal']}", "riskLevel")
    return decided is not None, data.amendmentId


def _given(body: models.Risk, execution: queries.Row) -> dict[str, int | None]:
    """Points by factor, all of which the assessment has."""
    known = {one["factor"] for one in execution["risk"]["riskFactors"] if one["status"] != "DISCARDED"}
    wrong = [
        Detail("is no factor of the assessment", f"riskFactors[{at}].factor", "INVALID")
        for at, one in enumerate(body.riskFactors or ())
        if one.factor not in known
    ]
    if wrong:
        raise Problem(422, "INVALID_REQUEST", f"{wrong[0].location}: {wrong[0].issue}", wrong)
    return {one.factor: one.manualOverrideScore for one in body.riskFactors or ()}


async def _give(
    parts: Parts, caller: Caller, execution: queries.Row, given: Mapping[str, int | None], comment: str | None
) -> tuple[bool, str]:
    """Points beside those that were given before; None takes a factor's back."""
    async with parts.engine.connect() as reading:
        person = await queries.individual(reading, caller.customer_id, execution["entity_id"])
        before = await queries.ruling_that_holds(reading, caller.customer_id, execution["entity_id"], RISK)
    assert person is not None, "a person stays"
    points = {**risks.points(before["settings"] if before else {}), **given}
    settings = risks.settings({factor: one for factor, one in points.items() if one is not None})
    asked = ruling(
        parts, caller, person, RISK, settings, before, comment=comment, execution_id=execution["execution_id"]
    )
    return await ask(parts, caller, asked, "riskFactors"), asked.rulingId
