"""PATCH …/results/{kind}: what a person says of findings; what was found stays."""

from typing import Any

from fastapi import APIRouter, Response

from libs.events.message import Event
from libs.events.models import FindingsAmended
from services.results import views
from services.results.api import models, queries
from services.results.api.caller import Caller, CallerOf
from services.results.api.comments import why
from services.results.api.execute import Named
from services.results.api.kinds import KINDS
from services.results.api.parts import Parts, PartsOf
from services.results.api.problems import Detail, Problem, answer, not_found
from services.results.api.proposals import propose, view
from services.results.service import Results

OF = "/v2/individuals/{entityId}/results"

router = APIRouter(tags=["Results"], responses=models.ERRORS | models.NOT_FOUND | models.CONFLICT | models.INVALID)


ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"model": models.Resolved, "description": "The findings as they are now."},
    202: {
        "model": models.AmendmentAccepted,
        "description": "Published and not yet applied; with an `approval`, another person must confirm it first.",
    },
}


@router.patch(OF + "/aml", summary="Resolve hits of the AML screening", responses=ANSWERS)
async def aml(caller: CallerOf, parts: PartsOf, entityId: Named, body: models.Resolve) -> Response:
    """No status, TRUE_POSITIVE and UNKNOWN are open; the step follows from what is said of all of its hits."""
    return await _resolve(caller, parts, entityId, "aml", body)


@router.patch(OF + "/matchlist", summary="Resolve matches with the customer's lists", responses=ANSWERS)
async def matchlist(caller: CallerOf, parts: PartsOf, entityId: Named, body: models.Resolve) -> Response:
    """As for the AML screening."""
    return await _resolve(caller, parts, entityId, "matchlist", body)


@router.patch(OF + "/idv", summary="Clear or reject what was found of a document", responses=ANSWERS)
async def idv(caller: CallerOf, parts: PartsOf, entityId: Named, body: models.Resolve) -> Response:
    """The step passes once all that does not agree is cleared; one rejection fails it."""
    return await _resolve(caller, parts, entityId, "idv", body)


@router.patch(OF + "/duplicate", summary="Resolve likely duplicates", responses=ANSWERS)
async def duplicate(caller: CallerOf, parts: PartsOf, entityId: Named, body: models.Resolve) -> Response:
    """As for the AML screening."""
    return await _resolve(caller, parts, entityId, "duplicate", body)


@router.patch(OF + "/fraud", summary="Resolve findings of fraud checks", responses=ANSWERS)
async def fraud(caller: CallerOf, parts: PartsOf, entityId: Named, body: models.Resolve) -> Response:
    """Findings of another class are refused."""
    return await _resolve(caller, parts, entityId, "fraud", body)


async def _resolve(caller: Caller, parts: Parts, entity_id: str, kind: str, body: models.Resolve) -> Response:
    status = body.manualStatus
    if status not in KINDS[kind].statuses:
        raise _refused(f"{status!r} is not one of {', '.join(KINDS[kind].statuses)}", "body.manualStatus")
    comment = why(parts, KINDS[kind].operation, body.comment)
    ids = list(dict.fromkeys(body.processResults))
    async with parts.engine.connect() as reading:
        if await queries.individual(reading, caller.customer_id, entity_id) is None:
            raise not_found("individual", "path.entityId")
        rows = await queries.results_of(reading, caller.customer_id, entity_id, ids)
    known = {row["process_result_id"]: row for row in rows}
    for place, id in enumerate(body.processResults):
        at = f"body.processResults.{place}"
        if id not in known:
            raise _refused("no such process result of this person", at)
        if known[id]["process_class"] not in KINDS[kind].classes:
            raise _refused(f"its class is {known[id]['process_class']}", at)
    caller.trail.before = {"manualStatuses": {id: row["manual_status"] for id, row in known.items()}}
    amendment = FindingsAmended(
        amendmentId=caller.new_id("amendment"),
        customerId=caller.customer_id,
        entityId=entity_id,
        processResultIds=ids,
        manualStatus=status,
        standsOn={id: row["amendment_id"] for id, row in known.items() if row["amendment_id"]},
        comment=comment,
        amendedBy=caller.username,
        requestId=caller.request_id,
        amendedAt=parts.clock(),
    )
    rule = parts.approvals.rule(kind, status, (row["document"] for row in rows))
    if rule is None:
        return await amend(parts, caller, amendment)
    row = await propose(parts, caller, kind, rule.name, amendment)
    told = [views.process_result(known[id], known[id]["request_id"]) for id in ids]
    return answer(
        202,
        {
            "requestId": caller.request_id,
            "amendmentId": amendment.amendmentId,
            "approval": view(row),
            "processResults": told,
        },
    )


async def amend(parts: Parts, caller: Caller, amendment: FindingsAmended) -> Response:
    """Publish what was said and wait for what the projection made of it."""
    await parts.publisher.publish(
        Event(
            amendment.amendmentId,
            "findings.amended",
            Results.group,
            amendment.amendedAt,
            f"{amendment.customerId}:{amendment.entityId}",
            amendment,
            traceparent=caller.traceparent,
        )
    )

    async def look() -> queries.Row | None:
        async with parts.engine.connect() as reading:
            return await queries.finding_amendment(reading, amendment.customerId, amendment.amendmentId)

    decided = await parts.watch.until(amendment.amendmentId, look, parts.wait_seconds)
    if decided is None:
        return answer(202, {"requestId": caller.request_id, "amendmentId": amendment.amendmentId})
    if decided["refusal"] is not None:
        detail = Detail(decided["refusal"], "body.processResults", "CONFLICT")
        raise Problem(409, "CONFLICT", f"refused: {decided['refusal']}", [detail])
    async with parts.engine.connect() as reading:
        rows = await queries.results_of(reading, amendment.customerId, amendment.entityId, amendment.processResultIds)
    told = [views.process_result(row, row["request_id"]) for row in rows]
    return answer(200, {"requestId": caller.request_id, "processResults": told})


def _refused(text: str, place: str) -> Problem:
    return Problem(422, "INVALID_REQUEST", f"{place}: {text}", [Detail(text, place, "INVALID")])
