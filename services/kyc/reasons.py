"""Why the check came out as it did, in sentences."""

from collections.abc import Sequence

from libs.events.models import Reason, RuleMatch, StepResultCode
from services.kyc.claim import Claim
from services.kyc.comparison import SourceComparison
from services.kyc.policy import Rule
from services.kyc.sources import SourceAnswer

NUMERALS = {1: "one", 2: "two", 3: "three"}


def reasons(
    result: StepResultCode,
    claimed: Claim,
    rule: Rule,
    match: RuleMatch,
    comparisons: Sequence[SourceComparison],
    down: Sequence[SourceAnswer],
) -> list[Reason]:
    """The main reason, then what else a reviewer should know; `match` is how `rule`, the nearest one, fared."""
    found = [_main(result, claimed, rule, match)]
    if result is not StepResultCode.MATCH:
        found += [
            Reason(code="KYC_PARTIAL_MATCH", message=f"{kind} agrees only in part at {one.source.id}")
            for one in comparisons
            for kind in sorted(one.inPart)
        ]
    if claimed.dobUnreadable:
        found.append(Reason(code="KYC_BAD_DATE_OF_BIRTH", message="the date of birth is no date"))
    found += [
        Reason(code="KYC_SOURCE_UNAVAILABLE", message=f"{one.source.id} could not answer: {one.error}") for one in down
    ]
    return found


def _main(result: StepResultCode, claimed: Claim, rule: Rule, match: RuleMatch) -> Reason:
    wanted = " or ".join(rule.anyOf) if not rule.allOf else " and ".join((*rule.allOf, " or ".join(rule.anyOf)))
    sources = f"{match.matchCount} of {rule.sourcesRequired} independent source{'s' * (rule.sourcesRequired > 1)}"
    if result is StepResultCode.MISSING_DATA:
        lacking = "date of birth and address" if claimed.names else "name"
        return Reason(code="KYC_MISSING_DATA", message=f"{lacking} not given")
    if result is StepResultCode.MATCH:
        return Reason(code="KYC_VERIFIED", message=f"rule {rule.ruleName}: name with {wanted} matched at {sources}")
    if match.matchCount:
        short = rule.sourcesRequired - match.matchCount
        more = f"{NUMERALS.get(short, short)} more source{'s' * (short > 1)} for {wanted} would verify"
        what = " and ".join(kind for kind in ("dob", "address", "document") if match.matchSources.get(kind))
        return Reason(code="KYC_NOT_VERIFIED", message=f"{what} matched at {sources}; {more}")
    code = "KYC_NOT_FOUND" if result is StepResultCode.NO_MATCH else "KYC_NOT_VERIFIED"
    return Reason(code=code, message=f"rule {rule.ruleName}: name with {wanted} matched at {sources}")
