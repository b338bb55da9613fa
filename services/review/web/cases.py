"""A case as a page: all there is to decide on."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from libs.asl.drawing.svg import draw
from libs.staff import trail, users
from libs.web.pages import page
from services.review import resolving, store, stories
from services.review.case import OPEN
from services.review.finding import shown as shown_name
from services.review.web import view
from services.review.web.parts import CaseId, PartsOf, Reviewer, shown

SVG_TYPE = "image/svg+xml"
# A picture within a page: it may be styled by itself, and do nothing.
SVG_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"

router = APIRouter(include_in_schema=False)


@router.get("/cases/{case_id}")
async def show(request: Request, who: Reviewer, parts: PartsOf, case_id: CaseId) -> Response:
    """The case; that it was looked at is on record."""
    async with parts.desk.engine.begin() as connection:
        case, name = await shown(connection, case_id)
        key = case.customer_id, case.case_id
        story = await stories.read(connection, case.customer_id, case.execution_id)
        rounds = await store.rounds(connection, key)
        said = await store.resolutions(connection, key)
        timeline = await store.timeline(connection, key)
        earlier = await store.earlier(connection, case)
        calls = await resolving.of_case(connection, case)
        everybody = await users.listed(connection)
        record = await trail.read(connection, about=case_id, at_most=50)
        origin = trail.origin(request)
        await trail.note(connection, parts.desk.clock(), who.username, "CASE_VIEWED", case_id, None, origin)
    steps = view.steps(story)
    hits = view.hits(story, said)
    return page(
        request,
        "case.html.jinja",
        case=case,
        name=name,
        rounds=list(reversed(rounds)),
        aliases=[shown_name(one) for given in rounds[-1:] for one in given.individual.alternateNames],
        steps=steps,
        examined=view.examined(steps),
        hits=hits,
        open_hits=sum(1 for one in hits if one.said is None),
        risk=view.risk(steps),
        timeline=list(reversed(timeline)),
        earlier=earlier,
        calls=calls,
        colleagues=view.colleagues(everybody),
        record=record,
        has_story=bool(story),
        decidable=case.status == OPEN and case.task is not None,
        policy=parts.desk.policies[case.policy],
    )


@router.get("/cases/{case_id}/changed")
async def changed(
    request: Request, who: Reviewer, parts: PartsOf, case_id: CaseId, seen: Annotated[int, Query(ge=0)]
) -> Response:
    """Nothing, until somebody does something to the case; then who and what."""
    async with parts.desk.engine.connect() as connection:
        case, _ = await shown(connection, case_id)
        if case.sequence == seen:
            return Response(status_code=204)
        timeline = await store.timeline(connection, (case.customer_id, case.case_id))
    return page(request, "changed.html.jinja", case=case, last=timeline[-1])


@router.get("/cases/{case_id}/graph.svg")
async def graph(who: Reviewer, parts: PartsOf, case_id: CaseId) -> Response:
    """The workflow with the path taken."""
    async with parts.desk.engine.connect() as connection:
        case, _ = await shown(connection, case_id)
        story = await stories.read(connection, case.customer_id, case.execution_id)
        started = next((one.started for one in story if one.started is not None), None)
        definition = None if started is None else await stories.definition(connection, started.definitionHash)
    if definition is None:
        return Response(status_code=404)
    drawn = draw(definition, {"events": view.history(story)})
    return Response(drawn, media_type=SVG_TYPE, headers={"Content-Security-Policy": SVG_POLICY})
