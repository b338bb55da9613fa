"""POST /v2/applications: somebody applies for money; and the application as it was submitted."""

from fastapi import APIRouter, Response

from libs.blobs.port import STATEMENTS
from libs.events import applications
from libs.events.fingerprint import fingerprint
from libs.events.message import derived_id
from libs.events.models import Application, ApplicationFile, ApplicationSubmitted, EntityChanged, Individual
from services.results.api import attachments, changing, models, queries
from services.results.api.attachments import AnyLevel
from services.results.api.caller import Background, Caller, CallerOf
from services.results.api.execute import ANSWERS, Named, came_of, known_workflow, run
from services.results.api.parts import Parts, PartsOf, Reading
from services.results.api.problems import answer, conflict, not_found
from services.results.fold import CREATED

router = APIRouter(tags=["Applications"], responses=models.ERRORS | models.NOT_FOUND | models.INVALID)

TOPIC = "application.submitted"


@router.post("/v2/applications", summary="Submit an application", responses={**ANSWERS, **models.CONFLICT})
async def submit_application(
    caller: CallerOf,
    parts: PartsOf,
    body: models.SubmitApplication,
    background: Background = "0",
    level: AnyLevel = "meta",
) -> Response:
    """Publishes `application.submitted`, and waits for the execution's end. One that was sent before is answered as it
    stands; another one under its id is refused."""
    application, files = _taken(body.application)
    service, workflow = applications.workflow_of(body.serviceName, body.workflowName)
    execution = applications.execution_id(caller.customer_id, application.applicationId)
    async with parts.engine.connect() as reading:
        if workflow is not None:
            await known_workflow(reading, service, workflow, "body.workflowName")
        earlier = await queries.application(reading, caller.customer_id, execution)
    if earlier is not None:
        if earlier["fingerprint"] != fingerprint(application) or body.entityId not in (None, earlier["entity_id"]):
            raise conflict("another application was sent under this id", "body.application.applicationId")
        return await came_of(parts, caller, execution, earlier["entity_id"], background, level)
    await attachments.keep(parts.blobs, files, STATEMENTS)
    data, creation = await _submitted(parts, caller, body, application)
    caller.trail.execution_id = execution
    caller.trail.after = {"entityId": data.entityId, "applicationId": application.applicationId}
    return await run(parts, caller, TOPIC, data, background, level, creation)


@router.get(
    "/v2/applications/{applicationId}",
    summary="An application as it was submitted, and what its execution has come to",
    response_model=models.ShownApplication,
)
async def application(caller: CallerOf, reading: Reading, applicationId: Named) -> Response:
    """Its files are named, not sent. Of a person who was deleted nothing is shown."""
    id = applications.execution_id(caller.customer_id, applicationId)
    row, execution = (
        await queries.application(reading, caller.customer_id, id),
        await queries.execution(reading, caller.customer_id, id),
    )
    if row is None or execution is None:
        raise not_found("application", "path.applicationId")
    told = {
        "workflowExecutionId": id,
        "workflowExecutionState": execution["state"],
        "entityId": row["entity_id"],
        "status": execution["status"],
        "submittedAt": row["submitted_at"],
        "application": row["document"],
    }
    return answer(200, {"requestId": caller.request_id, **told})


def _taken(given: models.ApplicationJson) -> tuple[Application, list[bytes]]:
    """The application with its files by name, and the files that came with it; raises Problem with the place."""
    files, contents = [], []
    for number, one in enumerate(given.files):
        named = one.model_dump(exclude={"base64"})
        if one.base64 is not None:
            content = attachments.decoded(one.base64, f"body.application.files[{number}].base64")
            kept = attachments.statement(content, f"body.application.files[{number}].base64")
            named |= {"sha256": kept.sha256, "mediaType": kept.mediaType, "size": kept.size}
            contents.append(content)
        files.append(ApplicationFile.model_validate(named))
    return Application.model_validate(given.model_dump() | {"files": files}), contents


async def _submitted(
    parts: Parts, caller: Caller, body: models.SubmitApplication, application: Application
) -> tuple[ApplicationSubmitted, EntityChanged | None]:
    """The application of a person who is known, or of one who is created; an applicant has one id however often."""
    creation = None
    if body.individual is not None:
        id = body.individual.entityId or derived_id(caller.customer_id, "applicant", application.applicationId)
        person = await changing.created(parts, caller, body.individual.model_copy(update={"entityId": id}))
        creation = await changing.publish(parts, caller, person, CREATED)
        await changing.decided(parts, creation, "individual.entityId")
        assert creation.individual is not None
        entity_id, version, individual = id, creation.entityVersion, creation.individual
    else:
        entity_id = body.entityId or ""
        async with parts.engine.connect() as reading:
            known = await queries.individual(reading, caller.customer_id, entity_id)
        if known is None:
            raise not_found("individual", "body.entityId")
        version, individual = known["entity_version"], Individual.model_validate(known["document"])
    data = ApplicationSubmitted(
        customerId=caller.customer_id,
        entityId=entity_id,
        entityVersion=version,
        individual=individual,
        application=application,
        serviceName=body.serviceName,
        workflowName=body.workflowName,
        requestId=caller.request_id,
        requestedBy=caller.username,
        comment=body.comment.text if body.comment else None,
    )
    return data, creation
