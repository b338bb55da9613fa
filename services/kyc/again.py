"""A verification decided again by other rule sets, from what was found at each source then; nobody is asked."""

from collections.abc import Mapping, Sequence

from libs.events.models import CheckRequested, ProcessResultCode, Reason, RiskFactorValue, StepResult, StepResultCode
from services.kyc.findings import OBJECT_TYPES
from services.kyc.policy import MatchType, Policy, Rule
from services.kyc.rules import ISSUES, rules_for

KINDS: Mapping[str, MatchType] = {name: kind for kind, name in OBJECT_TYPES.items()}
UNDECIDED = (StepResultCode.MISSING_DATA, StepResultCode.ERROR)


def decided_again(
    request: CheckRequested, recorded: StepResult, policy: Policy, groups: Mapping[str, str]
) -> StepResult:
    """The recorded answer with the outcome that a policy's rules give; `groups` tell which sources count as one.

    What matched is taken as it was found: other thresholds change nothing here. Raises CheckFailed for a rule set
    that there is not.
    """
    if recorded.outcome.result in UNDECIDED:
        return recorded
    matched = _matched(recorded, ProcessResultCode.MATCH)
    verified = [
        rule for rule in rules_for(request.settings, policy) if _count(rule, matched, groups) >= rule.sourcesRequired
    ]
    result = _result(recorded, verified)
    if result is recorded.outcome.result:
        return recorded
    outcome = recorded.outcome.model_copy(
        update={
            "result": result,
            "reasons": [_reason(result, verified, rules_for(request.settings, policy))],
            "issues": ISSUES[result],
            "riskFactors": [RiskFactorValue(factor="kyc_result", value=result.value)],
        }
    )
    return recorded.model_copy(update={"outcome": outcome})


def _matched(recorded: StepResult, as_found: ProcessResultCode) -> dict[str, set[MatchType]]:
    """What was found so, by source."""
    found: dict[str, set[MatchType]] = {}
    for finding in recorded.findings:
        kind = KINDS.get(finding.objectType)
        if finding.provider is not None and kind is not None and finding.result is as_found:
            found.setdefault(finding.provider.sourceNormalized, set()).add(kind)
    return found


def _count(rule: Rule, matched: Mapping[str, set[MatchType]], groups: Mapping[str, str]) -> int:
    """The independent sources that count for a rule."""
    return len({groups.get(source, source) for source, kinds in matched.items() if rule.counts(frozenset(kinds))})


def _result(recorded: StepResult, verified: Sequence[Rule]) -> StepResultCode:
    if verified:
        return StepResultCode.MATCH
    found = (_matched(recorded, code) for code in (ProcessResultCode.MATCH, ProcessResultCode.PARTIAL_MATCH))
    known = any(kinds - {"name"} for by_source in found for kinds in by_source.values())
    return StepResultCode.PARTIAL if known else StepResultCode.NO_MATCH


def _reason(result: StepResultCode, verified: Sequence[Rule], rules: Sequence[Rule]) -> Reason:
    if verified:
        return Reason(code="KYC_VERIFIED", message=f"rule {verified[0].ruleName} is satisfied by what matched then")
    names = ", ".join(rule.ruleName for rule in rules)
    code = "KYC_NOT_FOUND" if result is StepResultCode.NO_MATCH else "KYC_NOT_VERIFIED"
    return Reason(code=code, message=f"none of the rules {names} is satisfied by what matched then")
