"""Why the check came out as it did, in sentences."""

from collections.abc import Sequence

from libs.events.models import Reason, StepResultCode
from services.kyc.claim import MOST, Claim
from services.kyc.comparison import SourceComparison
from services.kyc.counterfactual import wanting
from services.kyc.matching import Fared
from services.kyc.policy import MATCH_TYPES
from services.kyc.sources import SourceAnswer

WORDS = {"name": "name", "dob": "date of birth", "address": "address", "gender": "gender", "document": "document"}


def reasons(
    result: StepResultCode,
    claimed: Claim,
    nearest: Fared,
    comparisons: Sequence[SourceComparison],
    down: Sequence[SourceAnswer],
    withheld: Sequence[SourceAnswer],
) -> list[Reason]:
    """The main reason, then what else a reviewer should know; `nearest` is the rule that was satisfied or nearly so."""
    found = [_main(result, nearest, comparisons)]
    if result is not StepResultCode.MATCH:
        found += [
            Reason(code="KYC_PARTIAL_MATCH", message=f"{kind} agrees only in part at {one.source.id}")
            for one in comparisons
            for kind in sorted(one.inPart)
        ]
    if claimed.dobUnreadable:
        found.append(Reason(code="KYC_BAD_DATE_OF_BIRTH", message="the date of birth is no date"))
    found += [
        Reason(code="KYC_LEFT_OUT", message=f"of {kind} only the first {MOST} were compared")
        for kind in claimed.leftOut
    ]
    found += [
        Reason(
            code="KYC_MISSING_CONSENT", message=f"{one.source.id} was not asked: consent {one.missingConsent} not given"
        )
        for one in withheld
    ]
    found += [
        Reason(code="KYC_SOURCE_UNAVAILABLE", message=f"{one.source.id} could not answer: {one.error}") for one in down
    ]
    return found


def _main(result: StepResultCode, nearest: Fared, comparisons: Sequence[SourceComparison]) -> Reason:
    rule, lack = nearest.rule, nearest.lack
    sources = f"{nearest.count} of {rule.sourcesRequired} independent source{'s' * (rule.sourcesRequired > 1)}"
    fared = f"rule {rule.ruleName}: name with {wanting(rule.allOf, rule.anyOf)} matched at {sources}"
    if lack is None:
        return Reason(code="KYC_VERIFIED", message=fared)
    if lack.ungiven:
        missing = " and ".join(" or ".join(WORDS[kind] for kind in kinds) for kinds in lack.ungiven)
        return Reason(code="KYC_MISSING_DATA", message=f"{missing} not given; {lack}")
    if result is StepResultCode.ERROR:
        return Reason(code="KYC_UNDECIDED", message=f"{fared}; a source that could not answer might verify")
    if result is StepResultCode.MISSING_DATA:
        return Reason(code="KYC_MISSING_DATA", message=f"{fared}; a source that needs a consent might verify")
    if nearest.count:
        matched = frozenset[str]().union(*(one.matched for one in comparisons if one.source.id in nearest.counting))
        what = " and ".join(kind for kind in MATCH_TYPES if kind in matched - {"name"}) or "name"
        return Reason(code="KYC_NOT_VERIFIED", message=f"{what} matched at {sources}; {lack}")
    code = "KYC_NOT_FOUND" if result is StepResultCode.NO_MATCH else "KYC_NOT_VERIFIED"
    return Reason(code=code, message=f"{fared}; {lack}")
