"""Whether independent sources know the person: the answers of the sources in, outcome and evidence out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from libs.comparing.words import Words
from libs.events.models import (
    CheckRequested,
    Issue,
    ReferenceVersion,
    RiskFactorValue,
    StepOutcome,
    StepResult,
    StepResultCode,
)
from services.kyc import reasons
from services.kyc.claim import Claim
from services.kyc.comparison import SourceComparison, compare
from services.kyc.findings import findings, provider_calls
from services.kyc.matching import Fared, fare, rule_match
from services.kyc.measure import Measure
from services.kyc.policy import Policy
from services.kyc.sources import About, SourceAnswer
from services.kyc.terms import Terms

ISSUES = {
    StepResultCode.MATCH: [],
    StepResultCode.PARTIAL: [Issue(category="KYC", issue="PARTIAL", severity="REVIEW")],
    StepResultCode.NO_MATCH: [Issue(category="KYC", issue="NOT_FOUND", severity="REVIEW")],
    StepResultCode.MISSING_DATA: [Issue(category="KYC", issue="REQUIRES_KYC", severity="REVIEW")],
    # The workflow may try again: what it makes of an outage is its own.
    StepResultCode.ERROR: [],
}
UNREADABLE = Issue(category="BAD_DATA", issue="BAD_DATA_DOB", severity="REVIEW")


@dataclass(frozen=True, slots=True)
class Known:
    """What is known before any person is: policy, words, every source's independence group, the versions of all."""

    policy: Policy
    words: Words
    groups: Mapping[str, str]
    references: Sequence[ReferenceVersion]
    measures: Mapping[str, Measure]

    @classmethod
    def of(
        cls, policy: Policy, words: Words, sources: Iterable[About], references: Sequence[ReferenceVersion]
    ) -> "Known":
        """What follows from these; raises ValueError where they do not fit together."""
        groups: dict[str, str] = {}
        for about in sources:
            if about.id in groups:
                raise ValueError(f"there are two sources {about.id}")
            if about.fuzziness is not None and about.fuzziness not in policy.fuzziness:
                raise ValueError(f'source {about.id}: fuzziness: "{about.fuzziness}" is none of the policy\'s')
            groups[about.id] = about.independenceGroup
        measures = {level: Measure.of(level, fuzziness, policy, words) for level, fuzziness in policy.fuzziness.items()}
        return cls(policy, words, groups, references, measures)

    def measure(self, source: About, terms: Terms) -> Measure:
        """By the fuzziness that the step asks for, or else the source's own, or else the policy's."""
        level = terms.told["fuzziness"]
        if source.fuzziness is not None and not terms.fuzzinessIsAsked:
            level = source.fuzziness
        return self.measures.get(level) or Measure.of(level, terms.fuzziness, self.policy, self.words)


@dataclass(frozen=True, slots=True)
class Seen:
    """One person, what the sources answered, what agrees there, and how the rules fare with it."""

    claimed: Claim
    answers: Sequence[SourceAnswer]
    comparisons: Sequence[SourceComparison]
    fared: Sequence[Fared]

    @property
    def down(self) -> list[SourceAnswer]:
        """The sources that could not answer."""
        return [answer for answer in self.answers if answer.error is not None]

    @property
    def withheld(self) -> list[SourceAnswer]:
        """The sources that were not asked for want of a consent."""
        return [answer for answer in self.answers if answer.missingConsent is not None]

    @property
    def nearest(self) -> Fared:
        """The first rule that is satisfied, or else the one that lacks the least."""
        return min(self.fared, key=lambda one: (0, 0) if one.lack is None else one.lack.size)


def comparable(claimed: Claim, terms: Terms) -> bool:
    """The person gives what at least one of the rules looks at."""
    return any(rule.counts(claimed.given) for rule in terms.rules)


def decide(
    request: CheckRequested,
    claimed: Claim,
    answers: Sequence[SourceAnswer],
    terms: Terms,
    known: Known,
    now: datetime,
    ended: datetime,
) -> StepResult:
    """The outcome for a person, and the evidence; ERROR where a source that is down might change it."""
    comparisons = [
        compare(claimed, answer.source, answer.records, known.measure(answer.source, terms))
        for answer in answers
        if answer.given
    ]
    fared = [fare(rule, claimed, comparisons, known.groups) for rule in terms.rules]
    seen = Seen(claimed, answers, comparisons, fared)
    return StepResult(
        outcome=_outcome(_result(seen, terms), seen),
        findings=findings(request.task.token, comparisons, now + timedelta(days=known.policy.validDays)),
        providers=provider_calls(answers, comparisons),
        ruleMatches=[rule_match(one, claimed, comparisons) for one in fared],
        references=list(known.references),
        startedAt=now,
        endedAt=ended,
        settings=dict(terms.told),
    )


def _result(seen: Seen, terms: Terms) -> StepResultCode:
    if not comparable(seen.claimed, terms):
        return StepResultCode.MISSING_DATA
    if any(one.lack is None for one in seen.fared):
        return StepResultCode.MATCH
    # A person is not told unverified because of a source that was not there to speak for them, or not asked.
    down, withheld = ([answer.source for answer in absent] for absent in (seen.down, seen.withheld))
    if any(one.might_be_satisfied(seen.claimed, down) for one in seen.fared):
        return StepResultCode.ERROR
    if any(one.might_be_satisfied(seen.claimed, [*down, *withheld]) for one in seen.fared):
        return StepResultCode.MISSING_DATA
    # A source that knows the name, and something else of the person at least in part.
    in_part = any((one.matched | one.inPart) - {"name"} for one in seen.comparisons)
    return StepResultCode.PARTIAL if in_part else StepResultCode.NO_MATCH


def _outcome(result: StepResultCode, seen: Seen) -> StepOutcome:
    nearest = seen.nearest
    return StepOutcome(
        stepName="KYC",
        result=result,
        reasons=reasons.reasons(result, seen.claimed, nearest, seen.comparisons, seen.down, seen.withheld),
        issues=_issues(result, seen),
        riskFactors=[RiskFactorValue(factor="kyc_result", value=result.value)],
        counts={
            "sourcesAsked": len(seen.comparisons) + len(seen.down),
            "sourcesDown": len(seen.down),
            "sourcesWithoutConsent": len(seen.withheld),
            "matchCount": nearest.count,
            "matchCountRequired": nearest.rule.sourcesRequired,
        },
    )


def _issues(result: StepResultCode, seen: Seen) -> list[Issue]:
    down = {"SERVICE_TIMEOUT" if one.timedOut else "SERVICE_ERROR" for one in seen.down}
    return [
        *ISSUES[result],
        *([UNREADABLE] if seen.claimed.dobUnreadable else []),
        *(Issue(category="SYSTEM", issue=issue, severity="WARNING") for issue in sorted(down)),
    ]
