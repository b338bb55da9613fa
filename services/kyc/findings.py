"""The evidence of the check in the contract's words."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from libs.events.message import derived_id
from libs.events.models import Finding, ProcessResultCode, ProviderCall, ProviderResult
from services.kyc.comparison import Compared, SourceComparison
from services.kyc.policy import MatchType
from services.kyc.sources import SourceAnswer

OBJECT_TYPES: dict[MatchType, str] = {
    "name": "NAME",
    "dob": "DATE_OF_BIRTH",
    "address": "ADDRESS",
    "gender": "GENDER",
    "document": "DOCUMENT",
}
WORDS: dict[MatchType, str] = {
    "name": "name",
    "dob": "date of birth",
    "address": "address",
    "gender": "gender",
    "document": "document number",
}


def findings(token: str, comparisons: Iterable[SourceComparison], expires_at: datetime) -> list[Finding]:
    """One finding for each thing of the person's and source."""
    return [_finding(token, at, thing, expires_at) for at in comparisons for thing in at.things]


def _finding(token: str, at: SourceComparison, thing: Compared, expires_at: datetime) -> Finding:
    counted = thing.kind == "name" or at.named
    return Finding(
        processResultId=derived_id(token, "kyc", at.source.id, thing.kind, thing.objectId),
        processClass="KYC",
        objectType=OBJECT_TYPES[thing.kind],
        objectId=thing.objectId,
        result=thing.result if counted else ProcessResultCode.NO_MATCH,
        provider=ProviderResult(
            name=at.source.provider,
            source=at.source.id,
            sourceNormalized=at.source.id,
            reference=at.reference,
            confidence=thing.whole,
        ),
        matchStrengths=dict(thing.strengths),
        explanation=_explanation(at, thing, counted),
        riskFactors=[],
        fuzziness=at.measure.told[thing.kind],
        wasNameMatchStrongEnough=None if thing.kind in ("name", "document") else at.named,
        expiresAt=expires_at,
    )


def _explanation(at: SourceComparison, thing: Compared, counted: bool) -> str:
    what, where = WORDS[thing.kind], at.source.id
    if at.reference is None:
        return f"{where} holds no record like the person's"
    if not counted:
        return f"{what} does not count: the name did not match at {where}"
    agreed = {
        ProcessResultCode.MATCH: "agrees with",
        ProcessResultCode.PARTIAL_MATCH: "agrees in part with",
    }.get(thing.result, "does not agree with")
    return f"{what} {agreed} {where}, strength {thing.whole}"


def provider_calls(answers: Sequence[SourceAnswer], comparisons: Sequence[SourceComparison]) -> list[ProviderCall]:
    """Every source in order: asked, not able to answer, or not called for want of a consent."""
    results = {comparison.source.id: _result(comparison) for comparison in comparisons}
    return [
        ProviderCall(
            name=answer.source.provider,
            source=answer.source.id,
            order=order,
            result=results.get(answer.source.id) or _none(answer),
            error=f"consent {answer.missingConsent} not given" if answer.missingConsent else answer.error,
            startedAt=answer.startedAt,
            endedAt=answer.endedAt,
            answer=answer.text,
        )
        for order, answer in enumerate(answers, 1)
    ]


def _none(answer: SourceAnswer) -> str:
    """What came of a source without an answer."""
    return "MISSING_DATA" if answer.missingConsent else "TIMEOUT" if answer.timedOut else "ERROR"


def _result(comparison: SourceComparison) -> str:
    """MATCH where the name and something else matched, PARTIAL_MATCH where only some did."""
    if comparison.named and comparison.matched - {"name"}:
        return "MATCH"
    return "PARTIAL_MATCH" if comparison.named else "NO_MATCH"
