"""Pictures of a case, for staff only: what a round of it refers to, and nothing else."""

from typing import Annotated, NamedTuple

from fastapi import APIRouter, HTTPException, Path, Request, Response

from libs.blobs.port import PICTURES, NoBlob
from libs.events.models import Attachment, Document, Individual
from libs.staff import trail
from libs.staff.sessions import Who
from libs.web.pages import page
from services.review import store
from services.review.case import Case
from services.review.reading import beside
from services.review.web.parts import CaseId, Parts, PartsOf, Reviewer, shown

router = APIRouter(include_in_schema=False)
Sha256 = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]


class Given(NamedTuple):
    """A picture, of which document of whom."""

    individual: Individual
    document: Document
    picture: Attachment


@router.get("/cases/{case_id}/pictures/{sha256}")
async def picture(request: Request, who: Reviewer, parts: PartsOf, case_id: CaseId, sha256: Sha256) -> Response:
    """A picture that was given for the case; that it was looked at is on record."""
    _, given = await _given(request, who, parts, case_id, sha256, "PICTURE_VIEWED")
    data = await _kept(parts, sha256)
    headers = {"Content-Disposition": "inline", "Content-Security-Policy": "default-src 'none'; sandbox"}
    return Response(data, media_type=given.picture.mediaType, headers=headers)


@router.get("/cases/{case_id}/pictures/{sha256}/read")
async def read(request: Request, who: Reviewer, parts: PartsOf, case_id: CaseId, sha256: Sha256) -> Response:
    """What the picture says beside what was claimed: a part of the case's page, or a page of its own."""
    (case, name), given = await _given(request, who, parts, case_id, sha256, "PICTURE_READ")
    found = await parts.readings.of(sha256, lambda: _kept(parts, sha256), parts.desk.clock().date())
    template = "read.html.jinja" if "HX-Request" in request.headers else "read_page.html.jinja"
    lines = beside(given.individual, given.document, found)
    return page(request, template, case=case, name=name, read=found, lines=lines)


async def _given(
    request: Request, who: Who, parts: Parts, case_id: str, sha256: str, action: str
) -> tuple[tuple[Case, str], Given]:
    """The case and what the picture belongs to in it, the looking on record; or the page for what is not there."""
    async with parts.desk.engine.begin() as connection:
        case, name = await shown(connection, case_id)
        for round in reversed(await store.rounds(connection, (case.customer_id, case.case_id))):
            for document in round.individual.documents:
                for picture in document.attachments:
                    if picture.sha256 == sha256 and picture.mediaType in PICTURES:
                        now, about = parts.desk.clock(), {"picture": sha256[:12]}
                        origin = trail.origin(request)
                        await trail.note(connection, now, who.username, action, case_id, about, origin)
                        return (case, name), Given(round.individual, document, picture)
    raise HTTPException(404, "The case has no such picture.")


async def _kept(parts: Parts, sha256: str) -> bytes:
    try:
        if parts.blobs is not None:
            return await parts.blobs.get(sha256)
    except NoBlob:
        pass
    raise HTTPException(404, "The picture is not kept any more.")
