"""/v2/individuals/{entityId}/documents: a person's documents, their attachments; changing them changes the person."""

from typing import Any

from fastapi import APIRouter, Response

from services.results import individuals, merging
from services.results.api import changing, models
from services.results.api.attachments import AnyLevel, Level, at_level
from services.results.api.caller import Caller, CallerOf
from services.results.api.changing import Sent
from services.results.api.execute import Named
from services.results.api.parts import Parts, PartsOf
from services.results.api.problems import answer, conflict, not_found, unfit
from services.results.api.results import Person
from services.results.person import CommentJson

ALL = "/v2/individuals/{entityId}/documents"
ONE = ALL + "/{documentId}"
# Where a document stands in the body, and in a change of the person.
SENT = Sent(("document",), len(("documents", "IDENTITY", 0)))

Json = dict[str, Any]

router = APIRouter(tags=["Documents"], responses=models.ERRORS | models.NOT_FOUND | models.CONFLICT | models.INVALID)

CHANGED: dict[int | str, dict[str, Any]] = {200: {"model": models.DocumentChanged}, **changing.LATER}


@router.post(
    ALL,
    status_code=201,
    summary="Add a document",
    responses={201: {"model": models.DocumentChanged}, **changing.LATER},
)
async def create(
    caller: CallerOf, parts: PartsOf, entityId: Named, body: models.CreateDocument, level: AnyLevel = "meta"
) -> Response:
    """With its attachments: JPEG, PNG or PDF of up to 10 MB each, in base64 or as data: URIs."""
    before = await changing.known(parts, caller, entityId)
    document = body.document.model_dump(mode="json", exclude_none=True, exclude_unset=True, by_alias=True)
    group = document.pop("class", None) or individuals.class_of(body.document.type)
    given = "documentId" in document
    id = document.setdefault("documentId", caller.new_id("document"))
    if given and merging.document_of(before.told, id):
        raise conflict("there is a document with this id already", "document.documentId")
    return await _change(parts, caller, before, group, document, 201, level, body.comment)


@router.get(ALL, summary="A person's documents", response_model=models.Documents)
async def documents(caller: CallerOf, parts: PartsOf, entityId: Named, level: AnyLevel = "meta") -> Response:
    """By class."""
    person = await changing.known(parts, caller, entityId)
    found = person.told.get("documents", {})
    told = {group: [await _shown(parts, entityId, one, level) for one in several] for group, several in found.items()}
    return answer(200, told)


@router.get(ONE, summary="A document", response_model=models.Document)
async def document(
    caller: CallerOf, parts: PartsOf, entityId: Named, documentId: Named, level: Level = "meta"
) -> Response:
    """With the contents of its attachments where `level=base64`."""
    _, found = _found(await changing.known(parts, caller, entityId), documentId)
    return answer(200, await _shown(parts, entityId, found, level))


@router.patch(ONE, summary="Change a document in part", responses=CHANGED)
async def update(
    caller: CallerOf,
    parts: PartsOf,
    entityId: Named,
    documentId: Named,
    body: models.UpdateDocument,
    level: Level = "meta",
) -> Response:
    """What is not mentioned stays, null takes a field away; an attachment without a known id is added."""
    before = await changing.known(parts, caller, entityId)
    group, _ = _found(before, documentId)
    if body.document.get("documentId", documentId) != documentId:
        raise unfit([{"loc": ("document", "documentId"), "msg": "is another one's than the path's", "type": "invalid"}])
    given = {**body.document, "documentId": documentId}
    return await _change(parts, caller, before, group, given, 200, level, body.comment)


@router.delete(ONE, summary="Delete a document", responses={200: {"model": models.DocumentDeleted}, **changing.LATER})
async def delete(caller: CallerOf, parts: PartsOf, entityId: Named, documentId: Named) -> Response:
    """Earlier versions of the person keep it."""
    before = await changing.known(parts, caller, entityId)
    after = merging.without_document(before.told, documentId)
    if after is None:
        raise not_found("document", "path.documentId")
    return await changing.taken_away(parts, caller, before, after, documentId=documentId)


@router.delete(
    ONE + "/attachments/{attachmentId}",
    summary="Delete an attachment",
    responses={200: {"model": models.AttachmentDeleted}, **changing.LATER},
)
async def delete_attachment(
    caller: CallerOf, parts: PartsOf, entityId: Named, documentId: Named, attachmentId: Named
) -> Response:
    """Earlier versions of the person keep it."""
    before = await changing.known(parts, caller, entityId)
    _found(before, documentId)
    after = merging.without_document(before.told, documentId, attachmentId)
    if after is None:
        raise not_found("attachment", "path.attachmentId")
    return await changing.taken_away(parts, caller, before, after, documentId=documentId, attachmentId=attachmentId)


async def _change(
    parts: Parts,
    caller: Caller,
    before: Person,
    group: str,
    document: Json,
    status: int,
    level: str,
    comment: CommentJson | None,
) -> Response:
    """Publish a document as it is from now on, and answer it as it is then."""
    after = await changing.changed(parts, before, {"documents": {group: [document]}}, SENT)
    stale = await changing.update(parts, caller, before, after, comment.text if comment else None)
    if stale is None:
        return changing.later(caller, before.entity_id)
    _, found = _found(await changing.known(parts, caller, before.entity_id), document["documentId"])
    shown = await _shown(parts, before.entity_id, found, level)
    told = {"entity": before.entity_id, "document": shown, "staleResults": stale}
    return answer(status, {"requestId": caller.request_id, **told})


def _found(person: Person, document_id: str) -> tuple[str, Json]:
    found = merging.document_of(person.told, document_id)
    if found is None:
        raise not_found("document", "path.documentId")
    return found


async def _shown(parts: Parts, entity_id: str, document: Json, level: str) -> Json:
    if level == "id":
        return {"documentId": document["documentId"]}
    (shown,) = (await at_level(parts.blobs, {"documents": {"": [document]}}, level))["documents"][""]
    return {**shown, "entityId": entity_id}
