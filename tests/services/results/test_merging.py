"""A person changed in part."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.results import merging
from services.results.merging import Unfit, identified, merged, origin, stamped

Json = dict[str, Any]

KNOWN: Json = {
    "name": {"nameId": "n1", "givenName": "Ada", "familyName": "Nkemelu"},
    "dateOfBirth": {"dateOfBirthId": "d1", "year": "1990", "normalized": "1990"},
    "addresses": [{"addressId": "a1", "country": "AUS", "locality": "Sydney"}, {"addressId": "a2", "country": "NZL"}],
    "consents": [{"type": "GENERAL"}],
    "customAttributes": {"segment": {"type": "general.string", "value": "retail"}},
    "documents": {
        "IDENTITY": [
            {
                "documentId": "p1",
                "type": "PASSPORT",
                "country": "AUS",
                "primaryIdentifier": "N1",
                "attachments": [{"attachmentId": "f1", "side": "FRONT", "data": {"uri": "urn:sha256:ab"}}],
            }
        ]
    },
}


@pytest.mark.parametrize(
    ("change", "part", "expected"),
    [
        ({"name": {"familyName": "Obi"}}, "name", {"nameId": "n1", "givenName": "Ada", "familyName": "Obi"}),
        ({"name": {"givenName": None}}, "name", {"nameId": "n1", "familyName": "Nkemelu"}),
        ({"name": {"nameId": "n2", "familyName": "Obi"}}, "name", {"nameId": "n2", "familyName": "Obi"}),
        ({"dateOfBirth": {"year": "1991"}}, "dateOfBirth", {"dateOfBirthId": "d1", "year": "1991"}),
        ({"dateOfBirth": None}, "dateOfBirth", None),
        (
            {"addresses": [{"addressId": "a2", "locality": "Napier"}, {"country": "FJI"}]},
            "addresses",
            [KNOWN["addresses"][0], {"addressId": "a2", "country": "NZL", "locality": "Napier"}, {"country": "FJI"}],
        ),
        ({"addresses": []}, "addresses", KNOWN["addresses"]),
        ({"addresses": None}, "addresses", None),
        ({"consents": [{"type": "GENERAL"}, {"type": "DOCS"}]}, "consents", [{"type": "GENERAL"}, {"type": "DOCS"}]),
        ({"customAttributes": {"segment": None, "x": {"value": "1"}}}, "customAttributes", {"x": {"value": "1"}}),
        ({"nationality": "NGA"}, "nationality", "NGA"),
        ({"externalReferences": [{"name": "CRM"}]}, "externalReferences", [{"name": "CRM"}]),
    ],
)
def test_what_a_change_makes_of_a_part(change: Json, part: str, expected: Any) -> None:
    before = deepcopy(KNOWN)
    after = merged(KNOWN, change)
    assert after.get(part) == expected
    assert {name: one for name, one in after.items() if name != part} == {
        name: one for name, one in KNOWN.items() if name != part
    }
    assert before == KNOWN


def test_a_document_goes_by_its_id_whatever_its_class() -> None:
    moved = merged(KNOWN, {"documents": {"OTHER": [{"documentId": "p1", "subtype": "Diplomatic"}]}})["documents"]
    assert moved == {"IDENTITY": [], "OTHER": [{**KNOWN["documents"]["IDENTITY"][0], "subtype": "Diplomatic"}]}


def test_an_attachment_goes_by_its_id() -> None:
    sent = {"documentId": "p1", "attachments": [{"attachmentId": "f1", "side": "BACK"}, {"filename": "b.png"}]}
    (document,) = merged(KNOWN, {"documents": {"IDENTITY": [sent]}})["documents"]["IDENTITY"]
    assert document["attachments"] == [
        {"attachmentId": "f1", "side": "BACK", "data": {"uri": "urn:sha256:ab"}},
        {"filename": "b.png"},
    ]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"addresses": {}}, ("addresses",)),
        ({"addresses": ["Sydney"]}, ("addresses", 0)),
        ({"name": "Ada"}, ("name",)),
        ({"documents": {"IDENTITY": [{}, 1]}}, ("documents", "IDENTITY", 1)),
        ({"customAttributes": []}, ("customAttributes",)),
    ],
)
def test_what_is_not_of_the_form_is_refused_with_the_place(change: Json, place: tuple[Any, ...]) -> None:
    with pytest.raises(Unfit) as refused:
        merged(KNOWN, change)
    assert refused.value.place == place


def test_two_parts_of_one_id_are_refused() -> None:
    with pytest.raises(Unfit, match="twice"):
        identified("e1", {"addresses": [{"addressId": "a1"}, {"addressId": "a1"}]})
    with pytest.raises(Unfit, match="twice"):
        identified("e1", {"documents": {"IDENTITY": [{"documentId": "p"}], "OTHER": [{"documentId": "p"}]}})


def test_the_place_of_what_is_wrong_is_that_in_the_change() -> None:
    change = {"addresses": [{"country": "FJI"}, {"addressId": "a2", "country": 1}]}
    after = merged(KNOWN, change)
    assert origin(change, after, ("addresses", 2, "country")) == ("addresses", 0, "country")
    assert origin(change, after, ("addresses", 1, "country")) == ("addresses", 1, "country")


def test_a_document_tells_when_it_was_added_and_changed() -> None:
    added = stamped({}, identified("e1", KNOWN), "2026-01-01")
    same = stamped(added, added, "2026-02-01")
    change = {"documents": {"IDENTITY": [{"documentId": "p1", "subtype": "x"}]}}
    (changed,) = stamped(added, merged(added, change), "2026-03-01")["documents"]["IDENTITY"]
    assert same == added
    assert (changed["createdAt"], changed["updatedAt"]) == ("2026-01-01", "2026-03-01")
    assert changed["attachments"][0]["updatedAt"] == "2026-01-01"


texts = st.sampled_from(["Ada", "Obi", "Sydney", "Napier"])
addresses = st.fixed_dictionaries(
    {"country": st.sampled_from(["AUS", "NZL"])},
    optional={"addressId": st.sampled_from(["a1", "a2", "a3"]), "locality": texts},
)
changes = st.fixed_dictionaries(
    {},
    optional={
        "name": st.fixed_dictionaries({}, optional={"givenName": st.none() | texts, "familyName": texts}),
        "addresses": st.none() | st.lists(addresses, max_size=4, unique_by=lambda one: one.get("addressId", id(one))),
        "emailAddresses": st.lists(st.fixed_dictionaries({"email": st.sampled_from(["a@b", "c@d"])}), max_size=3),
        "consents": st.lists(st.fixed_dictionaries({"type": st.sampled_from(["GENERAL", "DOCS"])}), max_size=1),
        "nationality": st.none() | st.just("NGA"),
    },
)


def applied(person: Json, change: Json) -> Json:
    return identified("e1", merged(person, change))


@settings(deadline=None)
@given(st.lists(changes, max_size=4), changes)
def test_repeating_a_change_changes_nothing(before: list[Json], change: Json) -> None:
    person = identified("e1", KNOWN)
    for one in before:
        person = applied(person, one)
    once = applied(person, change)
    assert applied(once, change) == once


@settings(deadline=None)
@given(changes)
def test_a_change_touches_only_what_it_mentions(change: Json) -> None:
    person = identified("e1", KNOWN)
    after = applied(person, change)
    assert {name: after.get(name) for name in person.keys() - change.keys()} == {
        name: person[name] for name in person.keys() - change.keys()
    }


@settings(deadline=None)
@given(changes)
def test_what_is_shown_can_be_sent_back(change: Json) -> None:
    after = applied(identified("e1", KNOWN), change)
    assert applied(after, after) == after


def test_parts_are_taken_away_by_their_ids() -> None:
    assert merging.removed(KNOWN, "addresses", "a1") == {**KNOWN, "addresses": [KNOWN["addresses"][1]]}
    assert merging.removed(KNOWN, "addresses", "a9") is None
    assert merging.without_document(KNOWN, "p1") == {**KNOWN, "documents": {"IDENTITY": []}}
    assert merging.without_document(KNOWN, "p9") is None
    assert merging.without_document(KNOWN, "p1", "f9") is None
    without = merging.without_document(KNOWN, "p1", "f1")
    assert without
    assert without["documents"]["IDENTITY"][0]["attachments"] == []
