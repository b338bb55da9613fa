"""The part of a Confluent schema registry that reads, over the released schemas: what standard Kafka clients ask."""

import json
from collections.abc import Sequence
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from libs.events.catalogue import fingerprint, is_full, topics
from libs.events.released import Released, UnknownSchema, versions, written_with

TYPE = "application/vnd.schemaregistry.v1+json"
VALUE = "-value"
FULL, BACKWARD = "FULL_TRANSITIVE", "BACKWARD_TRANSITIVE"

# The registry's own error codes; their first three digits are HTTP's status.
NO_SUBJECT, NO_VERSION, NO_SCHEMA, BAD_SCHEMA, BAD_VERSION, READ_ONLY = 40401, 40402, 40403, 42201, 42202, 42205


class Told(JSONResponse):
    """An answer in the registry's own media type."""

    media_type = TYPE


class RegistryError(BaseModel):
    """As registry clients read it."""

    error_code: int
    message: str


class RegisteredSchema(BaseModel):
    """A version of a subject."""

    subject: str
    version: int
    id: int
    schemaType: str
    schema_: str = Field(alias="schema", description="The schema as a JSON text.")


class SchemaText(BaseModel):
    """A schema by its id."""

    schema_: str = Field(alias="schema", description="The schema as a JSON text.")


class SubjectVersion(BaseModel):
    """Where a schema is used."""

    subject: str
    version: int


class Compatibility(BaseModel):
    """In the registry's words."""

    compatibilityLevel: str


class Mode(BaseModel):
    """In the registry's words."""

    mode: str


NOT_FOUND: dict[int | str, dict[str, Any]] = {404: {"model": RegistryError, "description": "There is no such thing."}}
INVALID: dict[int | str, dict[str, Any]] = {422: {"model": RegistryError, "description": "It cannot be meant so."}}
BAD_QUERY: dict[int | str, dict[str, Any]] = {
    400: {
        "description": "A parameter does not fit.",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
    }
}
ASKED = {
    "requestBody": {
        "required": True,
        "content": {TYPE: {"schema": SchemaText.model_json_schema()}},
    }
}

router = APIRouter(prefix="/registry", tags=["Schema registry"], default_response_class=Told)

Subjects = Annotated[list[str], Field(examples=[["entity.onboarded-value"]])]
Id = Annotated[str, Path(description="As it stands in a record's first five bytes.")]
Subject = Annotated[str, Path(description="The topic's name and -value.")]


@router.get(
    "/subjects",
    summary="The topics whose values have a schema",
    response_model=Subjects,
    responses=BAD_QUERY,
)
async def subjects(
    subjectPrefix: str = "",
    offset: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=-1, description="-1 for all.")] = -1,
) -> Response:
    """Keys are texts without a schema, so that there is no subject for them."""
    found = [name for name in sorted(topic + VALUE for topic in topics()) if name.startswith(subjectPrefix)]
    return _answer(found[offset:] if limit < 0 else found[offset : offset + limit])


@router.get(
    "/subjects/{subject}/versions",
    summary="The versions of a topic's schema",
    response_model=list[int],
    responses=NOT_FOUND,
)
async def subject_versions(subject: Subject) -> Response:
    """From 1."""
    found = _of_subject(subject)
    return _answer([one.version for one in found]) if found else _no_subject(subject)


@router.get(
    "/subjects/{subject}/versions/{version}",
    summary="One version of a topic's schema",
    response_model=RegisteredSchema,
    responses=NOT_FOUND | INVALID,
)
async def subject_version(subject: Subject, version: str) -> Response:
    """A number, or `latest`."""
    found = _version(subject, version)
    return found if isinstance(found, Response) else _answer(_registered(subject, found))


@router.get(
    "/subjects/{subject}/versions/{version}/schema",
    summary="The schema itself",
    response_model=dict[str, Any],
    responses=NOT_FOUND | INVALID,
)
async def subject_schema(subject: Subject, version: str) -> Response:
    """As it was released."""
    found = _version(subject, version)
    return found if isinstance(found, Response) else _answer(found.document)


@router.post(
    "/subjects/{subject}",
    summary="Which version a schema is",
    response_model=RegisteredSchema,
    responses=NOT_FOUND | INVALID,
    openapi_extra=ASKED,
)
async def look_up(subject: Subject, request: Request) -> Response:
    """The body's `schema` is a JSON text; its documentation counts, the order of its keys does not."""
    return _looked_up(subject, await request.body(), NO_SCHEMA, "Schema not found")


@router.post(
    "/subjects/{subject}/versions",
    summary="Nothing can be registered",
    response_model=RegisteredSchema,
    responses=NOT_FOUND | INVALID,
    openapi_extra=ASKED,
)
async def register(subject: Subject, request: Request) -> Response:
    """A schema that is there already is answered with its id, as clients expect that register what they write."""
    return _looked_up(subject, await request.body(), READ_ONLY, "schemas are released with the project, not registered")


@router.get("/schemas/ids/{id}", summary="The schema with an id", response_model=SchemaText, responses=NOT_FOUND)
async def schema_of(id: Id) -> Response:
    """Ids never change their meaning."""
    found = _by_id(id)
    return _no_schema(id) if found is None else _answer({"schema": _text(found)})


@router.get(
    "/schemas/ids/{id}/schema",
    summary="The schema itself",
    response_model=dict[str, Any],
    responses=NOT_FOUND,
)
async def schema_itself(id: Id) -> Response:
    """As it was released."""
    found = _by_id(id)
    return _no_schema(id) if found is None else _answer(found.document)


@router.get(
    "/schemas/ids/{id}/subjects",
    summary="The topics that carry a schema",
    response_model=Subjects,
    responses=NOT_FOUND,
)
async def schema_subjects(id: Id) -> Response:
    """One record may be carried by several topics."""
    found = _by_id(id)
    return _no_schema(id) if found is None else _answer(_subjects_of(found))


@router.get(
    "/schemas/ids/{id}/versions",
    summary="Which version of which topic a schema is",
    response_model=list[SubjectVersion],
    responses=NOT_FOUND,
)
async def schema_versions(id: Id) -> Response:
    """One record may be carried by several topics."""
    found = _by_id(id)
    if found is None:
        return _no_schema(id)
    return _answer([{"subject": one, "version": found.version} for one in _subjects_of(found)])


@router.get(
    "/schemas/types",
    summary="The kinds of schema that there are",
    response_model=Annotated[list[str], Field(examples=[["AVRO"]])],
)
async def types() -> Response:
    """Avro."""
    return _answer(["AVRO"])


@router.get("/config", summary="Which changes of schemas are compatible", response_model=Compatibility)
async def config() -> Response:
    """That of events, which are most; commands have another."""
    return _answer({"compatibilityLevel": FULL})


@router.get(
    "/config/{subject}",
    summary="Which changes of a topic's schema are compatible",
    response_model=Compatibility,
    responses=NOT_FOUND,
)
async def subject_config(subject: Subject) -> Response:
    """Events outlive their writers and are read by older services too; a command's one reader is deployed first."""
    found = _of_subject(subject)
    if not found:
        return _no_subject(subject)
    return _answer({"compatibilityLevel": FULL if is_full(found[0].record) else BACKWARD})


@router.get("/mode", summary="Nothing can be registered", response_model=Mode)
async def mode() -> Response:
    """READONLY."""
    return _answer({"mode": "READONLY"})


def _of_subject(subject: str) -> Sequence[Released]:
    topic = topics().get(subject.removesuffix(VALUE)) if subject.endswith(VALUE) else None
    return versions(topic.schema) if topic else ()


def _version(subject: str, version: str) -> Released | Response:
    found = _of_subject(subject)
    if not found:
        return _no_subject(subject)
    if version in ("latest", "-1"):
        return found[-1]
    if not (version.isascii() and version.isdigit()):
        return _error(BAD_VERSION, f"{version!r} is no version: a number from 1, or latest")
    return next((one for one in found if str(one.version) == version), None) or _error(
        NO_VERSION, f"Version {version} not found."
    )


def _looked_up(subject: str, body: bytes, otherwise: int, text: str) -> Response:
    found = _of_subject(subject)
    if not found:
        return _no_subject(subject)
    try:
        wanted = fingerprint(json.loads(orjson.loads(body)["schema"]))
    except (ValueError, TypeError, KeyError):
        return _error(BAD_SCHEMA, "the body has no Avro schema as a JSON text under `schema`")
    same = [one for one in found if fingerprint(one.document) == wanted]
    return _answer(_registered(subject, same[0])) if same else _error(otherwise, text)


def _by_id(id: str) -> Released | None:
    try:
        return written_with(int(id))
    except (UnknownSchema, ValueError):
        return None


def _subjects_of(one: Released) -> list[str]:
    return sorted(topic.name + VALUE for topic in topics().values() if topic.schema == one.record)


def _registered(subject: str, one: Released) -> dict[str, Any]:
    return {"subject": subject, "version": one.version, "id": one.id, "schemaType": "AVRO", "schema": _text(one)}


def _text(one: Released) -> str:
    return orjson.dumps(one.document).decode()


def _no_subject(subject: str) -> Response:
    return _error(NO_SUBJECT, f"Subject '{subject}' not found.")


def _no_schema(id: str) -> Response:
    return _error(NO_SCHEMA, f"Schema {id} not found")


def _error(code: int, text: str) -> Response:
    return _answer({"error_code": code, "message": text}, code // 100)


def _answer(content: object, status: int = 200) -> Response:
    return Told(content, status)
