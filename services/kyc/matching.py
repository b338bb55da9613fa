"""How the rules of a step fare with what agreed at the sources."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from libs.events.models import RuleMatch
from services.kyc.claim import Claim
from services.kyc.comparison import SourceComparison
from services.kyc.counterfactual import Lack, lack
from services.kyc.policy import MATCH_TYPES, MatchType, Rule
from services.kyc.sources import About


@dataclass(frozen=True, slots=True)
class Fared:
    """A rule, the sources that count for it with their independence groups, and what it lacks."""

    rule: Rule
    counting: Mapping[str, str]
    lack: Lack | None

    @property
    def count(self) -> int:
        """Independent sources that count."""
        return len(set(self.counting.values()))

    def might_be_satisfied(self, claimed: Claim, sources: Iterable[About]) -> bool:
        """It would be, if these sources too knew all that they could know of the person."""
        might = {one.id: one.independenceGroup for one in sources if self.rule.counts(claimed.given & one.holds)}
        return bool(might) and self.rule.satisfied({**self.counting, **might})


def fare(rule: Rule, claimed: Claim, comparisons: Sequence[SourceComparison], known: Mapping[str, str]) -> Fared:
    """How one rule fares; `known`: the independence group of every source."""
    counting = {one.source.id: one.source.independenceGroup for one in comparisons if rule.counts(one.matched)}
    return Fared(rule, counting, lack(rule, counting, claimed.given, known))


def rule_match(fared: Fared, claimed: Claim, comparisons: Sequence[SourceComparison]) -> RuleMatch:
    """The same as evidence, by what the rule looks at."""
    rule = fared.rule
    kinds = [kind for kind in MATCH_TYPES if kind in ("name", *rule.allOf, *rule.anyOf)]
    compared = {kind: [one for one in comparisons if kind in one.compared] for kind in kinds}
    return RuleMatch(
        ruleName=rule.ruleName,
        isVerified=fared.lack is None,
        matchCount=fared.count,
        matchCountRequired=rule.sourcesRequired,
        matchSources={kind: [one.source.id for one in ones if kind in one.matched] for kind, ones in compared.items()},
        nonMatchSources={
            kind: [one.source.id for one in ones if kind not in one.matched] for kind, ones in compared.items()
        },
        objectIds={kind: id for kind in kinds if (id := _object(kind, claimed, compared[kind])) is not None},
        requiredSourcesMatched=[source for source in rule.requiredSources if source in fared.counting],
        requiredSourcesNotMatched=[source for source in rule.requiredSources if source not in fared.counting],
        wouldVerify=None if fared.lack is None else str(fared.lack),
    )


def _object(kind: MatchType, claimed: Claim, comparisons: Iterable[SourceComparison]) -> str | None:
    """The first thing of a kind that matched anywhere, or else the first there is."""
    for one in comparisons:
        if kind in one.matched:
            of_kind = [thing for thing in one.things if thing.kind == kind]
            return max(of_kind, key=lambda thing: thing.whole).objectId
    return next(iter(claimed.ids[kind]), None)
