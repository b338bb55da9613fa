"""POST …/results/mkyc: documents that somebody saw count in place of what sources know, until that is taken back."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from fastapi import APIRouter, Response

from libs.events.manual_kyc import SETTING, ManualKyc, SeenDocument, relied_on
from libs.events.message import derived_id
from libs.events.models import Document, Finding, Individual, ProcessResultCode
from services.results import views
from services.results.api import models, queries
from services.results.api.caller import Caller, CallerOf
from services.results.api.comments import why
from services.results.api.execute import Named
from services.results.api.parts import Parts, PartsOf
from services.results.api.problems import Detail, Problem, answer, conflict, not_found
from services.results.api.rulings import ask, ruling
from services.results.manual_kyc import Misfit, combination, expires_at, misfits
from services.results.policy import ManualKycPolicy
from services.results.rulings import KYC

OF = "/v2/individuals/{entityId}/results/mkyc"

router = APIRouter(tags=["Results"], responses=models.ERRORS | models.NOT_FOUND | models.CONFLICT | models.INVALID)

ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"model": models.Resolved, "description": "The evidence as it stands now."},
    202: {"model": models.AmendmentAccepted, "description": "Published; not yet applied."},
}


@router.post(OF, summary="Approve documents in place of what sources know", responses=ANSWERS)
async def approve(caller: CallerOf, parts: PartsOf, entityId: Named, body: models.ManualKyc) -> Response:
    """The KYC step passes without asking a source from now on, while the person and the documents stay as they are."""
    comment = why(parts, "manualKYC", body.comment)
    person, before = await _known(parts, caller, entityId)
    individual, now = Individual.model_validate(person["document"]), parts.clock()
    ids = list(dict.fromkeys(body.approvedDocuments))
    documents = _approved(individual, body.approvedDocuments, now.date())
    seen = ManualKyc(
        approvedBy=body.approvedBy,
        approvedAt=now,
        combination=_combination(documents, parts.policy.manualKyc),
        policy=parts.policy.version,
        documents=tuple(
            SeenDocument(documentId=id, type=one.type, country=one.country, expiryDate=one.expiryDate)
            for id, one in zip(ids, documents, strict=True)
        ),
        person=relied_on(individual, ids),
    )
    findings = [_finding(caller.request_id, id, one, seen) for id, one in zip(ids, documents, strict=True)]
    asked = ruling(
        parts, caller, person, KYC, {SETTING: seen.model_dump_json()}, before, comment=comment, findings=findings
    )
    told = await ask(parts, caller, asked, "approvedDocuments")
    return await _evidence(parts, caller, entityId, asked.rulingId, asked.rulingId, told=told)


@router.post(OF + "/invalidate", summary="Take manual KYC back", responses=ANSWERS)
async def invalidate(
    caller: CallerOf, parts: PartsOf, entityId: Named, body: models.Invalidate | None = None
) -> Response:
    """The evidence is marked invalid, and the next KYC step asks the sources."""
    comment = why(parts, "manualKYCinvalidation", body.comment if body else None)
    person, before = await _known(parts, caller, entityId)
    if before is None or SETTING not in before["settings"]:
        raise conflict("there is no manual KYC of this person to take back", "path.entityId")
    asked = ruling(parts, caller, person, KYC, {}, before, comment=comment)
    told = await ask(parts, caller, asked, "path.entityId")
    return await _evidence(parts, caller, entityId, before["ruling_id"], asked.rulingId, told=told)


async def _known(parts: Parts, caller: Caller, entity_id: str) -> tuple[queries.Row, queries.Row | None]:
    """The person, and the ruling about their KYC that holds."""
    async with parts.engine.connect() as reading:
        person = await queries.individual(reading, caller.customer_id, entity_id)
        if person is None:
            raise not_found("individual", "path.entityId")
        return person, await queries.ruling_that_holds(reading, caller.customer_id, entity_id, KYC)


def _approved(individual: Individual, ids: Sequence[str], today: date) -> list[Document]:
    """The person's documents of these ids, each once."""
    if wrong := misfits(individual, ids, today):
        raise _refused([Detail(one.text, f"approvedDocuments[{one.at}]", "INVALID") for one in wrong])
    known = {one.documentId: one for one in individual.documents}
    return [known[id] for id in dict.fromkeys(ids)]


def _combination(documents: Sequence[Document], policy: ManualKycPolicy) -> str:
    made = combination(documents, policy)
    if isinstance(made, Misfit):
        raise _refused([Detail(made.text, "approvedDocuments", "INVALID")])
    return made


def _refused(details: Sequence[Detail]) -> Problem:
    return Problem(422, "INVALID_REQUEST", f"{details[0].location}: {details[0].issue}", details)


def _finding(request_id: str, document_id: str, document: Document, seen: ManualKyc) -> Finding:
    return Finding(
        processResultId=derived_id(request_id, "results", "manual-kyc", document_id),
        processClass="KYC",
        objectType="DOCUMENT",
        objectId=document_id,
        result=ProcessResultCode.MANUAL,
        explanation=f"{seen.combination}: approved by {seen.approvedBy}",
        expiresAt=expires_at(document),
    )


async def _evidence(
    parts: Parts, caller: Caller, entity_id: str, of_ruling: str, asked: str, *, told: bool
) -> Response:
    if not told:
        return answer(202, {"requestId": caller.request_id, "amendmentId": asked})
    async with parts.engine.connect() as reading:
        rows = await queries.evidence_of(reading, caller.customer_id, entity_id, of_ruling)
    results = [views.process_result(row, None) for row in rows]
    return answer(200, {"requestId": caller.request_id, "processResults": results})
