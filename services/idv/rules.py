"""Whether a person's documents are genuine, valid and theirs: the request in, outcome and evidence out."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta

from libs.events.message import derived_id
from libs.events.models import (
    CheckRequested,
    Document,
    Finding,
    Issue,
    ProcessResultCode,
    ProviderResult,
    Reason,
    RiskFactorValue,
    StepOutcome,
    StepResult,
    StepResultCode,
)
from services.idv.examination import Checked, examine
from services.idv.face import REQUIRED, SETTING, Compared
from services.idv.seen import NOTHING, Seen
from services.idv.verdicts import OF_ALL_DOCUMENTS, OF_ONE_DOCUMENT, VERDICTS, Verdict

PROVIDER = ProviderResult(name="vetstream-idv", source="mrz", sourceNormalized="mrz")
# What of the evidence is a comparison, in the contract's words, and what each result is worth.
STRENGTHS = {ProcessResultCode.MATCH: 100, ProcessResultCode.PARTIAL_MATCH: 50, ProcessResultCode.NO_MATCH: 0}
COMPARED = frozenset({"primaryIdentifier", "name", "dateOfBirth", "expiryDate", "country"})
NO_DOCUMENT = Reason(code="NO_DOCUMENT", message="no document given")
NOTHING_TO_READ = Reason(code="DOCUMENT_WITHOUT_MRZ", message="no document with a machine readable zone")
UNCHECKED = Compared(None, "no adapter is configured")
FACE_OTHER = Reason(code="FACE_MISMATCH", message="the person's picture shows another face than the document's")
FACE_UNCHECKED = Reason(code="FACE_UNCHECKED", message="the faces were not compared")
FACE_ISSUE = Issue(category="BIOMETRICS", issue="REQUIRES_IDV", severity="REVIEW")
FACE_PROVIDER = ProviderResult(name="vetstream-idv", source="face", sourceNormalized="face")
VERIFIED = Reason(code="DOCUMENT_VERIFIED", message="check digits, validity and the person's data agree")

Examined = tuple[Checked, ...]


def verify(request: CheckRequested, now: datetime, seen: Seen = NOTHING) -> StepResult:
    """The outcome for a person's documents, and the evidence for it, from the request and what was `seen` of them."""
    person = request.individual
    today, asked = now.date(), SETTING in request.settings
    examined = [examine(document, person, today, seen, at) for at, document in enumerate(person.documents)]
    face = (seen.face or UNCHECKED) if asked else None
    outcome = _outcome(examined)
    return StepResult(
        outcome=_with_face(outcome, face, request.settings[SETTING]) if face else outcome,
        findings=[*_findings(request, examined), *([_face_finding(request, face)] if face else [])],
        providers=[],
        ruleMatches=[],
        references=[],
        startedAt=now,
        endedAt=now,
    )


def _outcome(examined: Sequence[Examined]) -> StepOutcome:
    results = [_result(things) for things in examined]
    result = _first(OF_ALL_DOCUMENTS, results, StepResultCode.NOT_APPLICABLE)
    verdicts = list(_verdicts(examined))
    # What decided comes first.
    verdicts.sort(key=lambda pair: OF_ALL_DOCUMENTS.index(pair[0].outcome) if pair[0].outcome is not result else -1)
    return StepOutcome(
        stepName="IDV",
        result=result,
        reasons=_reasons(result, examined, verdicts),
        issues=_issues(result, verdicts),
        riskFactors=[RiskFactorValue(factor="idv_document_result", value=result.value)],
        counts={"documents": len(examined), "verified": results.count(StepResultCode.PASS)},
    )


def _with_face(outcome: StepOutcome, face: Compared, wanted: str) -> StepOutcome:
    """Two faces fail the step; where the comparison is required and was not made, the step is unchecked, not passed."""
    if face.same:
        return outcome
    if face.same is None and wanted != REQUIRED:
        return outcome
    open_ = outcome.result in (StepResultCode.PASS, StepResultCode.NOT_APPLICABLE)
    result = StepResultCode.FAIL if face.same is False else StepResultCode.UNCHECKED if open_ else outcome.result
    reason = FACE_OTHER if face.same is False else FACE_UNCHECKED
    told = Reason(code=reason.code, message=f"{reason.message}: {face.why}")
    return outcome.model_copy(
        update={
            "result": result,
            "reasons": [told, *outcome.reasons],
            "issues": [FACE_ISSUE, *outcome.issues],
            "riskFactors": [
                RiskFactorValue(factor="idv_document_result", value=result.value),
                RiskFactorValue(
                    factor="idv_facial_comparison_result", value="NO_MATCH" if face.same is False else "UNCHECKED"
                ),
            ],
        }
    )


def _face_finding(request: CheckRequested, face: Compared) -> Finding:
    results = {True: ProcessResultCode.MATCH, False: ProcessResultCode.NO_MATCH, None: ProcessResultCode.NOT_APPLICABLE}
    return Finding(
        processResultId=derived_id(request.task.token, "idv", "face"),
        processClass="IDV",
        objectType="INDIVIDUAL",
        objectId=request.task.entityId,
        result=results[face.same],
        provider=FACE_PROVIDER,
        matchStrengths={},
        explanation=f"faceComparison: {'unchecked, ' if face.same is None else ''}{face.why}",
        riskFactors=[],
    )


def _result(things: Examined) -> StepResultCode:
    """The outcome of one document; one without a zone, which need not have one, tells nothing."""
    wanted = [verdict.outcome for thing in things if (verdict := VERDICTS.get((thing.thing, thing.result)))]
    read = any(thing.thing in ("checkDigits", "barcode") for thing in things)
    return _first(OF_ONE_DOCUMENT, wanted, StepResultCode.PASS if read else StepResultCode.NOT_APPLICABLE)


def _first(
    order: Sequence[StepResultCode], found: Sequence[StepResultCode], otherwise: StepResultCode
) -> StepResultCode:
    return next((result for result in order if result in found), otherwise)


def _verdicts(examined: Iterable[Examined]) -> Iterator[tuple[Verdict, str]]:
    for things in examined:
        for thing in things:
            if verdict := VERDICTS.get((thing.thing, thing.result)):
                yield verdict, thing.detail


def _reasons(
    result: StepResultCode, examined: Sequence[Examined], verdicts: Sequence[tuple[Verdict, str]]
) -> list[Reason]:
    found = [
        Reason(code=verdict.code, message=f"{verdict.message}: {detail}" if detail else verdict.message)
        for verdict, detail in verdicts
    ]
    if result is StepResultCode.PASS:
        return [VERIFIED, *found]
    if result is StepResultCode.NOT_APPLICABLE:
        return [NOTHING_TO_READ if examined else NO_DOCUMENT]
    return found


def _issues(result: StepResultCode, verdicts: Sequence[tuple[Verdict, str]]) -> list[Issue]:
    """Each issue once; where another document passes, they are only for information."""
    issues = {(verdict.issue.category, verdict.issue.issue): verdict.issue for verdict, _ in verdicts}
    if result is StepResultCode.PASS:
        return [issue.model_copy(update={"severity": "INFO"}) for issue in issues.values()]
    return list(issues.values())


def _findings(request: CheckRequested, examined: Sequence[Examined]) -> Iterator[Finding]:
    for at, (document, things) in enumerate(zip(request.individual.documents, examined, strict=True)):
        id = document.documentId or derived_id(request.task.entityId, f"document/{at}")
        for thing in things:
            found = _finding(request.task.token, f"document/{at}", id, thing)
            yield found.model_copy(update={"expiresAt": _expires_at(document)})


def _expires_at(document: Document) -> datetime | None:
    """When the document's last day is over, by UTC, where its expiry is a whole date."""
    try:
        return datetime.combine(date.fromisoformat(document.expiryDate or ""), time.min, UTC) + timedelta(days=1)
    except (ValueError, OverflowError):
        return None


def _finding(token: str, place: str, id: str, thing: Checked) -> Finding:
    verdict = VERDICTS.get((thing.thing, thing.result))
    meaning = verdict.message if verdict else "as it should be"
    return Finding(
        processResultId=derived_id(token, "idv", place, thing.thing),
        processClass="IDV",
        objectType="DOCUMENT",
        objectId=id,
        result=thing.result,
        provider=PROVIDER,
        matchStrengths={thing.thing: STRENGTHS.get(thing.result, 0)} if thing.thing in COMPARED else {},
        explanation=f"{thing.thing}: {meaning}" + (f" ({thing.detail})" if thing.detail else ""),
        riskFactors=[],
    )
