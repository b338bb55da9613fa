"""What more would verify a person: worked out from the rule itself, so that adding it does."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.kyc.policy import MatchType, Rule

NUMERALS = {1: "one", 2: "two", 3: "three"}


@dataclass(frozen=True, slots=True)
class Lack:
    """A rule wants a match at each of `sources`, and at `more` further sources, independent of all that count by then.

    A match there is the name with all of `allOf` and one of `anyOf`. What is `ungiven` has to be given first, a kind or
    one of several kinds each.
    """

    sources: tuple[str, ...]
    more: int
    allOf: tuple[MatchType, ...]
    anyOf: tuple[MatchType, ...]
    ungiven: tuple[tuple[MatchType, ...], ...]

    @property
    def size(self) -> tuple[int, int]:
        """To compare rules by: how much there is to give, then how many sources have to match."""
        return len(self.ungiven), len(self.sources) + self.more

    def __str__(self) -> str:
        """One sentence without its full stop."""
        wanted = wanting(self.allOf, self.anyOf)
        further = f"{NUMERALS.get(self.more, self.more)} more source{'s' * (self.more > 1)}"
        if not self.sources:
            needed = f"{further} for {wanted}"
        else:
            needed = f"{wanted} matched at {' and '.join(self.sources)}" + f" and at {further}" * (self.more > 0)
        given = " and ".join(" or ".join(kinds) for kinds in self.ungiven)
        return f"{needed}{f', once {given} is given,' if given else ''} would verify"


def lack(
    rule: Rule, counting: Mapping[str, str], given: frozenset[MatchType], groups: Mapping[str, str]
) -> Lack | None:
    """What a rule lacks, None where it is satisfied.

    `counting`: the sources that count for it, each with its independence group; `groups`: that of every source known. A
    required source that is not known may belong to a group that counts already, and so saves no other source.
    """
    if rule.satisfied(counting):
        return None
    required = tuple(source for source in rule.requiredSources if source not in counting)
    groups_then = {*counting.values(), *(groups[source] for source in required if source in groups)}
    any_of = rule.anyOf if set(rule.anyOf).isdisjoint(rule.allOf) else ()
    must: tuple[tuple[MatchType, ...], ...] = (("name",), *((kind,) for kind in rule.allOf), any_of)
    return Lack(
        sources=required,
        more=max(0, rule.sourcesRequired - len(groups_then)),
        allOf=rule.allOf,
        anyOf=tuple(kind for kind in any_of if kind in given) or any_of,
        ungiven=tuple(kinds for kinds in must if kinds and given.isdisjoint(kinds)),
    )


def wanting(all_of: tuple[MatchType, ...], any_of: tuple[MatchType, ...]) -> str:
    """What has to match beside the name, in words."""
    return " and ".join(filter(None, (*all_of, " or ".join(any_of)))) or "name"
