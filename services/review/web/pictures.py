"""Pictures of a case, for staff only: what a round of it refers to, and nothing else."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Request, Response

from libs.blobs.port import PICTURES, NoBlob
from libs.staff import trail
from services.review import store
from services.review.web.parts import CaseId, PartsOf, Reviewer, shown

router = APIRouter(include_in_schema=False)
Sha256 = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]


@router.get("/cases/{case_id}/pictures/{sha256}")
async def picture(request: Request, who: Reviewer, parts: PartsOf, case_id: CaseId, sha256: Sha256) -> Response:
    """A picture that was given for the case; that it was looked at is on record."""
    async with parts.desk.engine.begin() as connection:
        case, _ = await shown(connection, case_id)
        given = {
            attachment.sha256: attachment.mediaType
            for round in await store.rounds(connection, (case.customer_id, case.case_id))
            for document in round.individual.documents
            for attachment in document.attachments
        }
        if given.get(sha256) not in PICTURES or parts.blobs is None:
            raise HTTPException(404, "The case has no such picture.")
        now, about = parts.desk.clock(), {"picture": sha256[:12]}
        await trail.note(connection, now, who.username, "PICTURE_VIEWED", case_id, about, trail.origin(request))
    try:
        data = await parts.blobs.get(sha256)
    except NoBlob:
        raise HTTPException(404, "The picture is not kept any more.") from None
    headers = {"Content-Disposition": "inline", "Content-Security-Policy": "default-src 'none'; sandbox"}
    return Response(data, media_type=given[sha256], headers=headers)
