"""The evidence of the check in the contract's words."""

from collections.abc import Iterable, Sequence

from libs.events.message import derived_id
from libs.events.models import Finding, ProcessResultCode, ProviderCall, ProviderResult
from services.kyc.comparison import Compared, SourceComparison
from services.kyc.policy import MatchType
from services.kyc.sources import SourceAnswer

OBJECT_TYPES: dict[MatchType, str] = {
    "name": "NAME",
    "dob": "DATE_OF_BIRTH",
    "address": "ADDRESS",
    "document": "DOCUMENT",
}
WORDS: dict[MatchType, str] = {
    "name": "name",
    "dob": "date of birth",
    "address": "address",
    "document": "document number",
}


def findings(token: str, comparisons: Iterable[SourceComparison]) -> list[Finding]:
    """One finding for each thing of the person's and source."""
    return [
        finding
        for comparison in comparisons
        if (provider := _provider(comparison))
        for finding in [_finding(token, comparison, thing, provider) for thing in comparison.things]
    ]


def _provider(comparison: SourceComparison) -> ProviderResult:
    source = comparison.source
    return ProviderResult(
        name=source.provider, source=source.id, sourceNormalized=source.id, reference=comparison.reference
    )


def _finding(token: str, at: SourceComparison, thing: Compared, provider: ProviderResult) -> Finding:
    counted = thing.kind == "name" or at.named
    return Finding(
        processResultId=derived_id(token, "kyc", at.source.id, thing.kind, thing.objectId),
        processClass="KYC",
        objectType=OBJECT_TYPES[thing.kind],
        objectId=thing.objectId,
        result=thing.result if counted else ProcessResultCode.NO_MATCH,
        provider=provider,
        matchStrengths=dict(thing.strengths),
        explanation=_explanation(at, thing, counted),
        riskFactors=[],
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
    """Every source asked, in order, with the error of one that could not answer."""
    results = {comparison.source.id: _result(comparison) for comparison in comparisons}
    return [
        ProviderCall(
            name=answer.source.provider,
            source=answer.source.id,
            order=order,
            result=results.get(answer.source.id, "ERROR"),
            error=answer.error,
            startedAt=answer.startedAt,
            endedAt=answer.endedAt,
        )
        for order, answer in enumerate(answers, 1)
    ]


def _result(comparison: SourceComparison) -> str:
    """MATCH where the name and something else matched, PARTIAL_MATCH where only some did."""
    if comparison.named and comparison.matched - {"name"}:
        return "MATCH"
    return "PARTIAL_MATCH" if comparison.named else "NO_MATCH"
