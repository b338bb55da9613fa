from hypothesis import given
from hypothesis import strategies as st

from libs.events.models import Individual, MatchRule
from libs.matchlists.attributes import KINDS, Person
from libs.matchlists.comparing import alike
from libs.matchlists.listed import Listed, listed
from services.matchlist.entries import TELLING, Entries
from tests.services.matchlist.factory import NOW, entry, person, published

NAMES = st.text("abcdefgh", min_size=1, max_size=8)


def candidates(entries: Entries, individual: Individual | None = None) -> list[Listed]:
    return entries.candidates("c1", Person(individual or person()))


def test_every_kind_is_ranked() -> None:
    assert {*TELLING} == {*KINDS}


def test_an_entry_that_is_no_longer_active_is_let_go() -> None:
    entries = Entries()
    entries.apply(published(entry(EMAIL_DOMAIN="example.org")))
    assert len(candidates(entries)) == 1
    entries.apply(published(entry(EMAIL_DOMAIN="example.org", isActive=False)))
    assert candidates(entries) == []
    assert len(entries) == 0


def test_an_entry_that_changed_is_found_by_what_it_is_now_alone() -> None:
    entries = Entries()
    entries.apply(published(entry(EMAIL_DOMAIN="example.org")))
    entries.apply(published(entry(PHONE_NUMBER="+61412345678")))
    assert [one.groups[0][0].kind for one in candidates(entries)] == ["PHONE_NUMBER"]
    assert candidates(entries, person(phoneNumbers=[])) == []


def test_entries_are_the_customers_own() -> None:
    entries = Entries()
    entries.put(entry(EMAIL_DOMAIN="example.org", customer="c2"))
    assert candidates(entries) == []


def test_a_look_up_does_not_go_through_entries_of_others() -> None:
    entries = Entries()
    for number in range(1000):
        entries.put(entry(id=str(number), DOC_PRIMARY_IDENTIFIER=f"XX{number:07}"))
    assert candidates(entries) == []


def test_of_several_attributes_the_most_telling_leads_to_the_entry() -> None:
    entries = Entries()
    for number in range(100):
        entries.put(entry(id=str(number), DOC_TYPE="PASSPORT", IND_DISPLAY_NAME=f"Maria {'x' * number}"))
        entries.put(entry(id=f"y{number}", IND_DATE_OF_BIRTH="1984", IND_DISPLAY_NAME=f"Maria {'y' * number}"))
    assert candidates(entries) == []


@given(names=st.lists(NAMES, min_size=1, max_size=3), given_name=NAMES, family=NAMES)
def test_the_index_loses_no_match(names: list[str], given_name: str, family: str) -> None:
    one, who = entry(IND_DISPLAY_NAME=" ".join(names)), person(given_name, family)
    entries = Entries()
    entries.put(one)
    ready = listed(one)
    assert ready is not None
    met = ready.strengths(Person(who), NOW.date())
    assert met is None or len(candidates(entries, who)) == 1


@given(NAMES, st.sampled_from(MatchRule))
def test_what_was_put_in_and_taken_out_leaves_nothing(name: str, rule: MatchRule) -> None:
    entries = Entries()
    one = entry(IND_DISPLAY_NAME=f"{name} Castellano", rule=rule)
    for active in (one, one.model_copy(update={"isActive": False})):
        entries.put(active)
    assert (len(entries), entries._under, entries._kept) == (0, {}, {})


@given(NAMES, NAMES)
def test_names_match_both_ways_round(one: str, other: str) -> None:
    assert alike(one, other) == alike(other, one)
