"""Whether independent sources know the person: the answers of the sources in, outcome and evidence out."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from libs.events.models import (
    CheckRequested,
    Issue,
    ReferenceVersion,
    RiskFactorValue,
    RuleMatch,
    StepOutcome,
    StepResult,
    StepResultCode,
)
from libs.streaming.check import CheckFailed
from services.kyc import reasons
from services.kyc.claim import Claim
from services.kyc.comparison import SourceComparison, compare
from services.kyc.findings import findings, provider_calls
from services.kyc.policy import MatchType, Policy, Rule
from services.kyc.sources import SourceAnswer

ISSUES = {
    StepResultCode.MATCH: [],
    StepResultCode.PARTIAL: [Issue(category="KYC", issue="PARTIAL", severity="REVIEW")],
    StepResultCode.NO_MATCH: [Issue(category="KYC", issue="NOT_FOUND", severity="REVIEW")],
    StepResultCode.MISSING_DATA: [Issue(category="KYC", issue="REQUIRES_KYC", severity="REVIEW")],
}
UNREADABLE = Issue(category="BAD_DATA", issue="BAD_DATA_DOB", severity="REVIEW")
DOWN = Issue(category="SYSTEM", issue="SERVICE_ERROR", severity="WARNING")
KINDS: tuple[MatchType, ...] = ("name", "dob", "address", "document")


def rules_for(settings: Mapping[str, str], policy: Policy) -> tuple[Rule, ...]:
    """The rules that the workflow's step asks for, any one of which verifies."""
    name = settings.get("ruleSet") or policy.defaultRuleSet
    if name not in policy.ruleSets:
        raise CheckFailed("Check.InvalidSettings", f'ruleSet: "{name}" names no rule set')
    return policy.ruleSets[name]


def comparable(claimed: Claim) -> bool:
    """There is a name, and a date of birth or an address to go with it."""
    return bool(claimed.names and (claimed.dob or claimed.addresses))


def decide(
    request: CheckRequested,
    claimed: Claim,
    answers: Sequence[SourceAnswer],
    policy: Policy,
    references: Sequence[ReferenceVersion],
    now: datetime,
    ended: datetime,
) -> StepResult:
    """The outcome for a person, and the evidence; raises CheckFailed where a source that is down might change it."""
    rules = rules_for(request.settings, policy)
    down = [answer for answer in answers if answer.error is not None]
    comparisons = [
        compare(claimed, answer.source, answer.records, policy) for answer in answers if answer.error is None
    ] if comparable(claimed) else []  # fmt: skip
    matches = [_rule_match(rule, comparisons) for rule in rules]
    if not any(match.isVerified for match in matches):
        _refuse_if_down_matters(claimed, rules, comparisons, answers)
    return StepResult(
        outcome=_outcome(claimed, rules, matches, comparisons, down),
        findings=findings(request.task.token, comparisons),
        providers=provider_calls(answers, comparisons),
        ruleMatches=matches,
        references=list(references),
        startedAt=now,
        endedAt=ended,
    )


def _rule_match(rule: Rule, comparisons: Sequence[SourceComparison]) -> RuleMatch:
    groups = _groups(rule, comparisons)
    checked = [kind for kind in KINDS if kind in ("name", *rule.allOf, *rule.anyOf)]
    holding = {kind: [one for one in comparisons if kind in _compared(one)] for kind in checked}
    return RuleMatch(
        ruleName=rule.ruleName,
        isVerified=len(groups) >= rule.sourcesRequired,
        matchCount=len(groups),
        matchCountRequired=rule.sourcesRequired,
        matchSources={kind: [one.source.id for one in ones if kind in one.matched] for kind, ones in holding.items()},
        nonMatchSources={
            kind: [one.source.id for one in ones if kind not in one.matched] for kind, ones in holding.items()
        },
    )


def _groups(rule: Rule, comparisons: Sequence[SourceComparison]) -> set[str]:
    """The independence groups with a source that counts for the rule."""
    return {one.source.independenceGroup for one in comparisons if rule.counts(one.matched)}


def _compared(comparison: SourceComparison) -> set[MatchType]:
    return {thing.kind for thing in comparison.things}


def _refuse_if_down_matters(
    claimed: Claim, rules: Sequence[Rule], comparisons: Sequence[SourceComparison], answers: Sequence[SourceAnswer]
) -> None:
    """A person is not told unverified because of a source that was not there to speak for them."""
    down = [answer for answer in answers if answer.error is not None]
    for rule in rules:
        might = {one.source.independenceGroup for one in down if rule.counts(claimed.given & one.source.holds)}
        if might and len(_groups(rule, comparisons) | might) >= rule.sourcesRequired:
            names = ", ".join(f"{one.source.id} ({one.error})" for one in down)
            cause = f"rule {rule.ruleName} waits for {names}"
            raise CheckFailed("Check.SourceUnavailable", cause, provider_calls(answers, comparisons))


def _outcome(
    claimed: Claim,
    rules: Sequence[Rule],
    matches: Sequence[RuleMatch],
    comparisons: Sequence[SourceComparison],
    down: Sequence[SourceAnswer],
) -> StepOutcome:
    result = _result(claimed, matches, comparisons)
    best = max(zip(rules, matches, strict=True), key=lambda pair: pair[1].matchCount - pair[0].sourcesRequired)
    issues = [*ISSUES[result], *([UNREADABLE] if claimed.dobUnreadable else []), *([DOWN] if down else [])]
    return StepOutcome(
        stepName="KYC",
        result=result,
        reasons=reasons.reasons(result, claimed, *best, comparisons, down),
        issues=issues,
        riskFactors=[RiskFactorValue(factor="kyc_result", value=result.value)],
        counts={
            "sourcesAsked": len(comparisons) + len(down),
            "sourcesDown": len(down),
            "matchCount": best[1].matchCount,
            "matchCountRequired": best[1].matchCountRequired,
        },
    )


def _result(claimed: Claim, matches: Sequence[RuleMatch], comparisons: Sequence[SourceComparison]) -> StepResultCode:
    if not comparable(claimed):
        return StepResultCode.MISSING_DATA
    if any(match.isVerified for match in matches):
        return StepResultCode.MATCH
    # A source that knows the name, and something else of the person at least in part.
    known = any((one.matched | one.inPart) - {"name"} for one in comparisons)
    return StepResultCode.PARTIAL if known else StepResultCode.NO_MATCH
