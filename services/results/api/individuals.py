"""/v2/individuals: a person created without a workflow, changed in part, deleted."""

from fastapi import APIRouter, Response

from services.results import retention
from services.results.api import changing, models, profiles
from services.results.api.attachments import AnyLevel, Level
from services.results.api.caller import Background, CallerOf
from services.results.api.execute import Named
from services.results.api.parts import PartsOf
from services.results.api.problems import answer
from services.results.fold import CREATED, DELETED

ALL = "/v2/individuals"
ONE = ALL + "/{entityId}"

router = APIRouter(tags=["Individuals"], responses=models.ERRORS | models.CONFLICT | models.INVALID)


@router.post(
    ALL,
    status_code=201,
    summary="Create a person without a workflow",
    responses={201: {"model": models.Person}, **changing.LATER, **models.NOT_FOUND},
)
async def create(caller: CallerOf, parts: PartsOf, body: models.CreateIndividual, level: AnyLevel = "meta") -> Response:
    """With a `serviceName` their profile with that service is begun."""
    await profiles.refuse_unknown(parts, body.serviceName, body.workflowName)
    person = await changing.created(parts, caller, body.individual)
    comment = body.comment.text if body.comment else None
    row = await changing.decided(
        parts, await changing.publish(parts, caller, person, CREATED, comment), "individual.entityId"
    )
    if body.serviceName is not None:
        said = {"currentWorkflowName": body.workflowName}
        begun = await profiles.change(parts, caller, person.entity_id, body.serviceName, said, comment)
        row = row if begun else None
    if row is None:
        return changing.later(caller, person.entity_id)
    return await changing.told(parts, caller, person.entity_id, 201, level)


@router.patch(
    ONE,
    summary="Change a person in part",
    responses={200: {"model": models.PersonChanged}, **changing.LATER, **models.NOT_FOUND},
)
async def update(
    caller: CallerOf, parts: PartsOf, entityId: Named, body: models.UpdateIndividual, level: Level = "meta"
) -> Response:
    """What is not mentioned stays, null takes a field away; parts of a list go by their ids, those without are added.

    `staleResults` are the results that relied on what has changed.
    """
    before = await changing.known(parts, caller, entityId)
    after = await changing.changed(parts, before, body.individual)
    stale = await changing.update(parts, caller, before, after, body.comment.text if body.comment else None)
    if stale is None:
        return changing.later(caller, entityId)
    return await changing.told(parts, caller, entityId, 200, level, staleResults=stale)


@router.delete(
    ONE,
    summary="Delete a person",
    responses={200: {"model": models.Deleted}, **changing.LATER, **models.NOT_FOUND},
)
async def delete(caller: CallerOf, parts: PartsOf, entityId: Named, background: Background = "0") -> Response:
    """Hidden from every read from now on, and watched no more; the records are kept as long as the country asks."""
    person = await changing.known(parts, caller, entityId)
    until = retention.kept_until(person.told, parts.clock().date())
    data = await changing.publish(parts, caller, person, DELETED, kept_until=until.isoformat())
    if background == "1" or await changing.decided(parts, data) is None:
        return changing.later(caller, entityId)
    return answer(200, {"requestId": caller.request_id, "entityId": entityId})
