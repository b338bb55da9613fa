"""What more would verify: adding it does, and adding less does not."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from libs.events.models import Document, Gender, Individual
from services.kyc.claim import Claim, claim
from services.kyc.comparison import compare
from services.kyc.counterfactual import Lack
from services.kyc.matching import Fared, fare
from services.kyc.measure import Measure
from services.kyc.policy import MatchType, Rule
from services.kyc.sources import About, Record
from tests.services.kyc.factory import HOME, POLICY, WORDS, individual, record, request

DOB = "1984-03-09"
PASSPORT = Document(type="PASSPORT", country="AUS", primaryIdentifier="N1234567")
KINDS: tuple[MatchType, ...] = ("dob", "address", "gender", "document")
MEASURE = Measure.of("standard", POLICY.fuzziness["standard"], POLICY, WORDS)


@dataclass(frozen=True)
class Standing:
    """What one source knows rightly of the person."""

    group: str
    right: frozenset[str]


def person(gives: frozenset[str]) -> Individual:
    return individual(
        "Sarah Whitaker" if "name" in gives else " ",
        DOB if "dob" in gives else None,
        HOME if "address" in gives else None,
        gender=Gender.FEMALE if "gender" in gives else None,
        documents=[PASSPORT] if "document" in gives else [],
    )


def recorded(right: frozenset[str]) -> Record:
    return record(
        "Sarah Whitaker" if "name" in right else "Michael Jones",
        DOB if "dob" in right else "1950-12-31",
        HOME if "address" in right else "77 Orchard Road, Fremantle WA 6160",
        documents=[PASSPORT] if "document" in right else [],
        gender=Gender.FEMALE if "gender" in right else Gender.MALE,
    )


def fared(rule: Rule, gives: frozenset[str], standings: Mapping[str, Standing]) -> Fared:
    claimed: Claim = claim(request(person(gives)))
    comparisons = [
        compare(claimed, About(id, id, one.group, frozenset({"name", *KINDS})), [recorded(one.right)], MEASURE)
        for id, one in standings.items()
    ]
    return fare(rule, claimed, comparisons, {id: one.group for id, one in standings.items()})


def added(
    lack: Lack, gives: frozenset[str], standings: Mapping[str, Standing]
) -> tuple[frozenset[str], dict[str, Standing]]:
    """The person and the sources once what was lacking is there; one never heard of is of a group there is."""
    gives |= {kinds[0] for kinds in lack.ungiven}
    right = frozenset({"name", *lack.allOf, *[kind for kind in lack.anyOf if kind in gives][:1]})
    known = next((one.group for one in standings.values()), "new")
    then = {**standings, **{id: replace(standings.get(id, Standing(known, right)), right=right) for id in lack.sources}}
    return gives, then | {f"more-{number}": Standing(f"more-{number}", right) for number in range(lack.more)}


kinds = st.frozensets(st.sampled_from(["name", *KINDS]))
sources = st.dictionaries(
    st.sampled_from([f"source-{number}" for number in range(5)]),
    st.builds(Standing, st.sampled_from("abc"), kinds),
    max_size=5,
)
rules = st.builds(
    Rule,
    ruleName=st.just("rule"),
    sourcesRequired=st.integers(1, 4),
    allOf=st.lists(st.sampled_from(KINDS), max_size=2, unique=True).map(tuple),
    anyOf=st.lists(st.sampled_from(KINDS), max_size=3, unique=True).map(tuple),
    requiredSources=st.lists(st.sampled_from(["source-0", "source-1", "elsewhere"]), max_size=2, unique=True).map(
        tuple
    ),
)


@given(rules, kinds, sources)
def test_adding_what_it_says_verifies(rule: Rule, gives: frozenset[str], standings: dict[str, Standing]) -> None:
    lack = fared(rule, gives, standings).lack
    assume(lack is not None)
    assert lack
    assert fared(rule, *added(lack, gives, standings)).lack is None


@given(rules, kinds, sources)
def test_adding_less_does_not(rule: Rule, gives: frozenset[str], standings: dict[str, Standing]) -> None:
    lack = fared(rule, gives, standings).lack
    assume(lack is not None)
    assert lack
    if lack.ungiven:  # once it is given, the sources that are there may know it
        assert fared(rule, *added(replace(lack, ungiven=lack.ungiven[1:]), gives, standings)).lack
        return
    for number in range(len(lack.sources)):
        others = lack.sources[:number] + lack.sources[number + 1 :]
        assert fared(rule, *added(replace(lack, sources=others), gives, standings)).lack
    if lack.more and standings.keys() >= set(lack.sources):
        assert fared(rule, *added(replace(lack, more=lack.more - 1), gives, standings)).lack


EITHER: tuple[MatchType, ...] = ("dob", "address")


@pytest.mark.parametrize(
    ("lack", "sentence"),
    [
        (Lack((), 1, (), ("dob",), ()), "one more source for dob would verify"),
        (Lack((), 2, (), EITHER, ()), "two more sources for dob or address would verify"),
        (Lack(("roll",), 0, (), EITHER, ()), "dob or address matched at roll would verify"),
        (Lack(("roll",), 1, (), EITHER, ()), "dob or address matched at roll and at one more source would verify"),
        (
            Lack((), 1, ("document",), EITHER, (("document",),)),
            "one more source for document and dob or address, once document is given, would verify",
        ),
        (Lack((), 5, (), (), ()), "5 more sources for name would verify"),
    ],
)
def test_sentences(lack: Lack, sentence: str) -> None:
    assert str(lack) == sentence
