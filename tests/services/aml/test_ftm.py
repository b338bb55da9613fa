"""FollowTheMoney: flat, nested, with what belongs to an entity, and deltas; what is none is refused with its line."""

import json
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest

from services.aml.ftm import entries, merged
from services.aml.xml import Broken


def entity(id: str, schema: str = "Person", **properties: Any) -> dict[str, Any]:
    return {"id": id, "schema": schema, "properties": properties}


def opened(*lines: Any) -> Callable[[], BytesIO]:
    content = b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines)
    return lambda: BytesIO(content)


PERSON = entity(
    "Q1", name=["Ilya Orlov", "Илья Орлов"], alias=["I. Orlov"], weakAlias=["Professor"], lastName=["Orlov"],
    birthDate=["1960"], nationality=["ru"], country=["Malta"], gender=["male"], topics=["role.pep"],
    passportNumber=["X1"], addressEntity=["addr-1"], notes=["Deputy minister"],
)  # fmt: skip


def test_what_belongs_to_an_entity_is_found_wherever_it_stands() -> None:
    sanction = entity("s-1", "Sanction", entity=["Q1"], programId=["XX-1"], listingDate=["2022-03-04"])
    passport = entity("p-1", "Passport", holder=["Q1"], number=["77"], country=["ru"], type=["Passport"])
    address = entity("addr-1", "Address", full=["1 Quay, Valletta"])
    (one,) = entries(opened(sanction, PERSON, passport, address))
    assert one["aliases"] == [
        {"name": "Илья Орлов", "quality": "strong"},
        {"name": "I. Orlov", "quality": "strong"},
        {"name": "Professor", "quality": "weak"},
    ]
    assert (one["countries"], one["datesOfBirth"], one["topics"]) == (["ru", "mt"], ["1960"], ["role.pep"])
    assert (one["programmes"], one["listed"], one["addresses"]) == (["XX-1"], "2022-03-04", ["1 Quay, Valletta"])
    assert [paper["number"] for paper in one["identifiers"]] == ["X1", "77"]


def test_nested_targets_say_the_same() -> None:
    nested = entity(
        "Q2", name=["Jana Novak"], topics=["sanction", "crime"],
        sanctions=[entity("s-2", "Sanction", program=["XX-2"], startDate=["2021"])],
        addressEntity=[entity("a-2", "Address", full=["2 Quay"])],
    )  # fmt: skip
    (one,) = entries(opened(nested))
    assert (one["programmes"], one["listed"], one["addresses"]) == (["XX-2"], "2021", ["2 Quay"])


def test_who_is_only_beside_the_listed_is_left_out() -> None:
    beside = {**entity("Q3", name=["A Cousin"]), "target": False}
    found = entries(opened(beside, entity("Q4", "Company", name=["Acme"], topics=["sanction"])))
    assert [(one["id"], one["schema"]) for one in found] == [("Q4", "Company")]


def test_a_delta_adds_changes_and_removes() -> None:
    base = opened(PERSON, entity("Q2", name=["Jana Novak"]))
    delta = opened(
        {"op": "MOD", "entity": entity("Q1", name=["Ilya Orlow"])},
        {"op": "DEL", "entity": {"id": "Q2"}},
        {"op": "ADD", "entity": entity("Q5", name=["New Comer"])},
    )
    assert [(one["id"], one["name"]) for one in entries(opened(*merged(base, delta)))] == [
        ("Q1", "Ilya Orlow"), ("Q5", "New Comer"),
    ]  # fmt: skip
    other = opened({"op": "DEL", "entity": {"id": "Q9"}})
    with pytest.raises(Broken, match="line 1: DEL of 'Q9', which the list has not"):
        list(merged(base, other))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"{", "line 2: no JSON"),
        (b"[]", "line 2: is no entity"),
        ({"id": "", "schema": "Person", "properties": {}}, "line 2: the entity has no id"),
        (entity("Q7", name="no list"), "line 2: Q7.name is no list"),
    ],
)
def test_a_broken_line_is_refused_with_its_number(line: Any, said: str) -> None:
    with pytest.raises(Broken, match=said):
        list(entries(opened(PERSON, line)))
