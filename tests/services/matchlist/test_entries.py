from hypothesis import given
from hypothesis import strategies as st

from services.matchlist.comparing import same_name
from services.matchlist.entries import Entries
from services.matchlist.rules import matched
from tests.services.matchlist.factory import NOW, entry, person, published

NAMES = st.text("abcdefgh", min_size=1, max_size=8)


def test_an_entry_that_is_no_longer_active_is_let_go() -> None:
    entries = Entries()
    entries.apply(published(entry(EMAIL_DOMAIN="example.org")))
    assert len(entries.candidates("c1", person())) == 1
    entries.apply(published(entry(EMAIL_DOMAIN="example.org", isActive=False)))
    assert entries.candidates("c1", person()) == []
    assert len(entries) == 0


def test_an_entry_that_changed_is_found_by_what_it_is_now_alone() -> None:
    entries = Entries()
    entries.apply(published(entry(EMAIL_DOMAIN="example.org")))
    entries.apply(published(entry(PHONE_NUMBER="+61412345678")))
    assert [one.attributes[0].type for one in entries.candidates("c1", person())] == ["PHONE_NUMBER"]
    assert entries.candidates("c1", person(phoneNumbers=[])) == []


def test_entries_are_the_customers_own() -> None:
    entries = Entries()
    entries.put(entry(EMAIL_DOMAIN="example.org", customer="c2"))
    assert entries.candidates("c1", person()) == []


def test_a_look_up_does_not_go_through_entries_of_others() -> None:
    entries = Entries()
    for number in range(1000):
        entries.put(entry(id=str(number), DOC_PRIMARY_IDENTIFIER=f"XX{number:07}"))
    assert entries.candidates("c1", person()) == []


@given(listed=st.lists(NAMES, min_size=1, max_size=3), given_name=NAMES, family=NAMES)
def test_the_index_loses_no_match(listed: list[str], given_name: str, family: str) -> None:
    one, who = entry(IND_DISPLAY_NAME=" ".join(listed)), person(given_name, family)
    entries = Entries()
    entries.put(one)
    assert not matched(one, who, NOW) or entries.candidates("c1", who) == [one]


@given(NAMES, NAMES)
def test_names_match_both_ways_round(one: str, other: str) -> None:
    assert same_name(one, other) == same_name(other, one)
