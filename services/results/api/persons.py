"""GET /v2/individuals/…: the person, their profiles, and everything found about them."""

from fastapi import APIRouter, Response

from services.results import views
from services.results.api import models, queries, results
from services.results.api.attachments import Level, at_level
from services.results.api.caller import CallerOf
from services.results.api.execute import Named
from services.results.api.paging import Limit, Many, Page, Paged, Sort, Time, among, between, fields, listed
from services.results.api.parts import PartsOf, Reading
from services.results.api.problems import answer, not_found
from services.results.tables import executions
from services.results.tables import process_results as table

router = APIRouter(tags=["Individuals"], responses=models.ERRORS | models.NOT_FOUND)

SORTED_BY = {"createdAt": table.c.created_at, "updatedAt": queries.UPDATED_AT}


@router.get("/v2/individuals/{entityId}", summary="A person", response_model=models.Person)
async def individual(
    caller: CallerOf, parts: PartsOf, reading: Reading, entityId: Named, level: Level = "meta"
) -> Response:
    """As told last, with their service profiles."""
    person = await results.person(reading, caller.customer_id, entityId)
    if person is None:
        raise not_found("individual", "path.entityId")
    profiles = await results.service_profiles(reading, caller.customer_id, entityId)
    told = {"individual": await at_level(parts.blobs, person.shown, level), "serviceProfiles": profiles}
    return answer(200, {"requestId": caller.request_id, **told})


@router.get(
    "/v2/individuals/{entityId}/serviceprofiles/{serviceName}",
    summary="A person's profile with a service",
    response_model=models.Profile,
)
async def profile(caller: CallerOf, reading: Reading, entityId: Named, serviceName: Named) -> Response:
    """With a summary of its latest executions."""
    found = await results.service_profile(reading, caller.customer_id, entityId, serviceName)
    if found is None:
        raise not_found("service profile", "path.serviceName")
    return answer(200, {"requestId": caller.request_id, "serviceProfile": found})


@router.get(
    "/v2/individuals/{entityId}/results",
    summary="Everything found about a person",
    response_model=models.ProcessResults,
)
async def process_results(
    caller: CallerOf,
    reading: Reading,
    entityId: Named,
    profileName: Many = None,
    createdAtAfter: Time = None,
    createdAtBefore: Time = None,
    updatedAtAfter: Time = None,
    updatedAtBefore: Time = None,
    stepNames: Many = None,
    stepTypes: Many = None,
    objectTypes: Many = None,
    classes: Many = None,
    systemStatuses: Many = None,
    manualStatuses: Many = None,
    states: Many = None,
    results: Many = None,
    sortFields: Many = None,
    sort: Sort = "desc",
    page: Page = 1,
    limit: Limit = 20,
) -> Response:
    """Newest first unless sorted otherwise; `profileName` is the name of a service."""
    paged = Paged(page, limit, sort, fields(sortFields, SORTED_BY, "createdAt"))
    if await queries.individual(reading, caller.customer_id, entityId) is None:
        raise not_found("individual", "path.entityId")
    same = (table.c.customer_id == executions.c.customer_id) & (table.c.execution_id == executions.c.execution_id)
    query = queries.PROCESS_RESULTS.add_columns(executions.c.request_id).outerjoin(executions, same)
    query = query.where(
        table.c.customer_id == caller.customer_id,
        table.c.entity_id == entityId,
        *among(executions.c.service_name, listed(profileName, "profileName")),
        *between(table.c.created_at, createdAtAfter, createdAtBefore),
        *between(queries.UPDATED_AT, updatedAtAfter, updatedAtBefore),
        *among(table.c.step_name, listed(stepNames, "stepNames")),
        *among(table.c.step_type, listed(stepTypes, "stepTypes")),
        *among(table.c.object_type, listed(objectTypes, "objectTypes")),
        *among(table.c.process_class, listed(classes, "classes")),
        *among(queries.SYSTEM_STATUS, listed(systemStatuses, "systemStatuses")),
        *among(queries.MANUAL_STATUS, listed(manualStatuses, "manualStatuses")),
        *among(table.c.state, listed(states, "states")),
        *among(table.c.result, listed(results, "results")),
    )
    rows, total = await queries.counted_rows(reading, query, paged.of(query, SORTED_BY, table.c.process_result_id))
    told = {
        "requestId": caller.request_id,
        "meta": paged.meta(total, len(rows)),
        "processResults": [views.process_result(row, row["request_id"]) for row in rows],
    }
    return answer(200, told)
