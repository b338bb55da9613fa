"""One execution: what came of it, the graph of its workflow with the path taken, its history and its events."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response

from libs.asl.drawing.svg import draw
from libs.asl.drawing.taken import InvalidHistory
from libs.audit.topics import definitions
from services.review.console.parts import Console, ConsoleOf, Operator, shown
from services.review.console.records import records_of
from services.review.console.results_api import Json, Missing, Place

ONE = "/console/executions/{entity}/{service}/{workflow}/{execution}"
EVENTS_SHOWN = 200
# The picture has a style of its own and nothing else.
PICTURE = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"}

router = APIRouter()


def _place(entity: str, service: str, workflow: str, execution: str) -> Place:
    return Place(entity, service, workflow, execution)


PlaceOf = Annotated[Place, Depends(_place)]


@router.get(ONE)
async def execution(
    request: Request, who: Operator, console: ConsoleOf, at: PlaceOf, after: Annotated[int, Query(ge=0)] = 0
) -> Response:
    """Summary, steps, graph and history."""
    found, history = await _found(console, at)
    events = [event for event in history["events"] if event["id"] > after]
    more = events[EVENTS_SHOWN - 1]["id"] if len(events) > EVENTS_SHOWN else None
    rows = [_row(event) for event in events[:EVENTS_SHOWN]]
    values = {"found": found, "events": rows, "more": more, "overrides": history["overrides"], "after": after}
    return shown(request, who, "execution", at=at, total=len(history["events"]), **values)


@router.get(ONE + "/graph.svg")
async def graph(request: Request, who: Operator, console: ConsoleOf, at: PlaceOf) -> Response:
    """The picture; 404 where the definition cannot be had."""
    found, history = await _found(console, at)
    definition = await _definition(console, at, _hash(found))
    if definition is None:
        raise HTTPException(404, "The definition of this workflow cannot be had any more.")
    try:
        picture = draw(definition, {"events": history["events"]})
    except InvalidHistory:
        picture = draw(definition)
    return Response(picture, headers=PICTURE, media_type="image/svg+xml")


@router.get(ONE + "/events")
async def events(request: Request, who: Operator, console: ConsoleOf, at: PlaceOf) -> Response:
    """Its records on Kafka, in the order of their times; not what they say of the person."""
    found, _ = await _found(console, at)
    told = await records_of(console.broker, console.api.customer, found, at)
    return shown(request, who, "events", at=at, found=found, told=told)


async def _found(console: Console, at: Place) -> tuple[Json, Json]:
    try:
        return await console.api.execution(at), await console.api.history(at)
    except Missing as missing:
        raise HTTPException(404, "There is no such execution.") from missing


async def _definition(console: Console, at: Place, wanted: str | None) -> Mapping[str, Any] | None:
    """That which the execution ran; while it runs its hash is not told, and the newest is shown."""
    newest = (await console.api.definitions(at.service)).get(at.workflow)
    if newest is not None and wanted in (None, newest[0]):
        return newest[1]
    return (await definitions(console.broker)).get(wanted or "")


def _hash(found: Json) -> str | None:
    """The definition that an execution ran, as its notes tell it."""
    for note in ("endDefinitionHash", "definitionHash"):
        if note in found.get("notes", {}):
            return str(found["notes"][note]["value"])
    return None


def _row(event: Json) -> Json:
    """An event of the history in one line."""
    details: Json = next((value for name, value in event.items() if name.endswith("EventDetails")), {})
    name = details.get("name") or details.get("resource") or ""
    error = ": ".join(str(details[one]) for one in ("error", "cause") if details.get(one))
    return {**event, "name": name, "error": error, "bad": bool(error)}
