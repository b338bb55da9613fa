"""The policy of the check as a document: thresholds, and the rule sets that a workflow can choose from."""

from collections.abc import Mapping
from typing import Any, Literal

from libs.events.record import Record

MatchType = Literal["name", "dob", "address", "document"]


class Threshold(Record):
    """From which strength on a thing counts as matched, and as matched in part."""

    match: int
    partial: int


class Thresholds(Record):
    """The thresholds of each thing compared; `namePart` is what each part of a matched name must reach."""

    name: Threshold
    namePart: int
    dob: Threshold
    address: Threshold
    document: Threshold


class DateStrengths(Record):
    """What a date of birth that does not agree in full is worth."""

    yearAndMonth: int
    yearOnly: int
    dayAndMonthTransposed: int
    oneDigitWrong: int


class Rule(Record):
    """So many independent sources match the name, all of `allOf` and at least one of `anyOf`."""

    ruleName: str
    sourcesRequired: int
    allOf: tuple[MatchType, ...] = ()
    anyOf: tuple[MatchType, ...] = ()

    def counts(self, matched: frozenset[MatchType]) -> bool:
        """What matched at one source makes it count for the rule."""
        return (
            "name" in matched
            and matched.issuperset(self.allOf)
            and (not self.anyOf or not matched.isdisjoint(self.anyOf))
        )


class Policy(Record):
    """The rule sets by name, each an ordered choice of rules of which one has to be satisfied."""

    version: str
    defaultRuleSet: str
    thresholds: Thresholds
    dateStrengths: DateStrengths
    ruleSets: dict[str, tuple[Rule, ...]]


def parse(document: Mapping[str, Any]) -> Policy:
    """The policy in a document; raises ValueError with the path to what is wrong in it."""
    policy = Policy.model_validate(document)
    if policy.defaultRuleSet not in policy.ruleSets:
        raise ValueError(f'defaultRuleSet: "{policy.defaultRuleSet}" names no rule set')
    return policy
