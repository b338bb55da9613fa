"""The policy of the check as a document: how near is near enough, and the rule sets that a workflow can choose from."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from libs.comparing.dates import DateStrengths, Strength
from libs.events.record import Record

MatchType = Literal["name", "dob", "address", "gender", "document"]
MATCH_TYPES: tuple[MatchType, ...] = ("name", "dob", "address", "gender", "document")

Share = Annotated[float, Field(ge=0, le=1)]


class Fuzziness(Record):
    """How far from exact each thing may be to match, 0 to 1: 0 asks for strength 100, 0.12 for 88."""

    name: Share
    namePart: Share
    dob: Share
    address: Share
    gender: Share
    document: Share


class Partial(Record):
    """From which strength on a thing that does not match agrees in part."""

    name: Strength
    dob: Strength
    address: Strength
    gender: Strength
    document: Strength


class Rule(Record):
    """So many independent sources match the name, all of `allOf` and at least one of `anyOf`; the required ones do."""

    ruleName: str
    sourcesRequired: Annotated[int, Field(ge=1)]
    allOf: tuple[MatchType, ...] = ()
    anyOf: tuple[MatchType, ...] = ()
    requiredSources: tuple[str, ...] = ()

    def counts(self, matched: frozenset[MatchType]) -> bool:
        """What matched at one source makes it count for the rule."""
        return (
            "name" in matched
            and matched.issuperset(self.allOf)
            and (not self.anyOf or not matched.isdisjoint(self.anyOf))
        )

    def satisfied(self, sources: Mapping[str, str]) -> bool:
        """The sources that count, each with its independence group, are enough."""
        return len(set(sources.values())) >= self.sourcesRequired and sources.keys() >= set(self.requiredSources)


class Policy(Record):
    """The rule sets by name, each an ordered choice of rules of which one has to be satisfied."""

    version: str
    defaultRuleSet: str
    defaultFuzziness: str
    fuzziness: dict[str, Fuzziness]
    partial: Partial
    dateStrengths: DateStrengths
    validDays: Annotated[int, Field(ge=1)]
    ruleSets: dict[str, Annotated[tuple[Rule, ...], Field(min_length=1)]]


def parse(document: Mapping[str, Any]) -> Policy:
    """The policy in a document; raises ValueError with the path to what is wrong in it."""
    policy = Policy.model_validate(document)
    _named("defaultRuleSet", policy.defaultRuleSet, policy.ruleSets, "rule set")
    _named("defaultFuzziness", policy.defaultFuzziness, policy.fuzziness, "fuzziness")
    return policy


def _named(field: str, name: str, known: Iterable[str], what: str) -> None:
    if name not in known:
        raise ValueError(f'{field}: "{name}" names no {what}')
