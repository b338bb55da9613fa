"""FollowTheMoney as OpenSanctions gives it out: entities a line, targets with what belongs to them, and deltas."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import IO, Any, TypeAlias

import orjson

from services.aml.facts import PERSON, countries, unique
from services.aml.xml import Broken

Open: TypeAlias = Callable[[], IO[bytes]]
Entity: TypeAlias = Mapping[str, Any]

# One line is one entity; a longer one is none.
LONGEST_LINE = 8_000_000
SANCTION, ADDRESS, IDENTIFICATION = "Sanction", "Address", frozenset({"Identification", "Passport"})
# What belongs to others, by the property that names them.
BELONGS = {SANCTION: "entity", "Identification": "holder", "Passport": "holder"}
NUMBERS = ("idNumber", "passportNumber", "taxNumber", "socialSecurityNumber", "registrationNumber", "imoNumber")
COUNTRIES = ("nationality", "citizenship", "country", "jurisdiction")
PROGRAMMES = ("programId", "program")
OPERATIONS = frozenset({"ADD", "MOD", "DEL"})


def is_entity(line: Any) -> bool:
    """Whether the first line of a file is an entity."""
    return isinstance(line, dict) and isinstance(line.get("properties"), dict) and "schema" in line


def is_operation(line: Any) -> bool:
    """Whether the first line of a file is an operation of a delta."""
    return isinstance(line, dict) and line.get("op") in OPERATIONS and isinstance(line.get("entity"), dict)


def entries(opened: Open) -> Iterator[dict[str, Any]]:
    """The listed as plain facts, in the order of the file; read twice, so that little of it is kept. Raises Broken."""
    belongings: dict[str, list[Entity]] = {}
    addresses: dict[str, Entity] = {}
    for number, entity in lines(opened):
        if entity.get("schema") == ADDRESS:
            addresses[entity["id"]] = entity
        for owner in _values(entity, BELONGS.get(entity.get("schema", ""), ""), number):
            belongings.setdefault(owner, []).append(entity)
    for number, entity in lines(opened):
        if _listed(entity, number):
            own = [*_nested(entity), *belongings.get(entity["id"], ())]
            places = [addresses[id] for id in _values(entity, "addressEntity", number) if id in addresses]
            yield _facts(entity, [*own, *places], number)


def merged(base: Open, delta: Open) -> Iterator[bytes]:
    """The lines of a list after a delta; raises Broken where the delta is none of this version."""
    changes: dict[str, tuple[int, str, Entity]] = {}
    for number, change in lines(delta, is_operation):
        changes[change["entity"].get("id", "")] = (number, change["op"], change["entity"])
    for _, entity in lines(base):
        change_of = changes.pop(entity["id"], None)
        if change_of is None:
            yield orjson.dumps(entity)
        elif change_of[1] != "DEL":
            yield orjson.dumps(change_of[2])
    for id, (number, operation, entity) in changes.items():
        if operation != "ADD":
            raise Broken(f"line {number}: {operation} of {id[:100]!r}, which the list has not")
        yield orjson.dumps(entity)


def lines(opened: Open, wanted: Callable[[Any], bool] = is_entity) -> Iterator[tuple[int, Any]]:
    """The lines of a file with their numbers, empty ones left out; raises Broken."""
    with opened() as file:
        number = 0
        while line := file.readline(LONGEST_LINE + 1):
            number += 1
            if len(line) > LONGEST_LINE:
                raise Broken(f"line {number}: is longer than {LONGEST_LINE:,} bytes")
            if line.strip():
                yield number, _parsed(line, number, wanted)


def _parsed(line: bytes, number: int, wanted: Callable[[Any], bool]) -> Any:
    try:
        read = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise Broken(f"line {number}: no JSON: {error}") from None
    if not wanted(read):
        raise Broken(f"line {number}: is no {'operation of a delta' if wanted is is_operation else 'entity'}")
    entity = read["entity"] if wanted is is_operation else read
    if not isinstance(entity.get("id"), str) or not entity["id"]:
        raise Broken(f"line {number}: the entity has no id")
    return read


def _listed(entity: Entity, number: int) -> bool:
    """A target, or what has a topic; the others are only beside them."""
    schema = entity["schema"]
    if schema == ADDRESS or schema in BELONGS or not _values(entity, "name", number):
        return False
    return bool(entity.get("target", True) or _values(entity, "topics", number))


def _facts(entity: Entity, others: Iterable[Entity], number: int) -> dict[str, Any]:
    def of(*names: str, one: Entity = entity) -> list[str]:
        return unique(value for name in names for value in _values(one, name, number))

    names = of("name")
    caption = entity.get("caption")
    name = caption if caption in names else names[0]
    strong, weak = [*names, *of("alias", "previousName")], of("weakAlias")
    by_kind = [(other.get("schema"), other) for other in others]
    sanctions = [other for kind, other in by_kind if kind == SANCTION]
    papers = [other for kind, other in by_kind if kind in IDENTIFICATION]
    families = of("lastName")
    listed = sorted(date for one in sanctions for date in of("listingDate", "startDate", one=one))
    return {
        "id": entity["id"],
        "schema": entity["schema"],
        "name": name,
        "familyName": families[0] if families and entity["schema"] == PERSON else "",
        "aliases": [
            *({"name": alias, "quality": "strong"} for alias in strong if alias != name),
            *({"name": alias, "quality": "weak"} for alias in weak),
        ],
        "datesOfBirth": [date[:10] for date in of("birthDate")],
        "countries": countries(of(*COUNTRIES)),
        "gender": next((gender for gender in of("gender") if gender in ("male", "female")), ""),
        "identifiers": [
            *({"type": kind, "number": value, "country": ""} for kind in NUMBERS for value in of(kind)),
            *(_paper(of("number", one=one), of("type", one=one), of("country", one=one)) for one in papers),
        ],
        "addresses": unique([*of("address"), *(v for k, one in by_kind if k == ADDRESS for v in of("full", one=one))]),
        "programmes": unique([*of(*PROGRAMMES), *(v for one in sanctions for v in of(*PROGRAMMES, one=one))]),
        "topics": of("topics"),
        "listed": listed[0] if listed else "",
        "remarks": "\n".join(of("notes")),
    }


def _paper(numbers: list[str], kinds: list[str], issued: list[str]) -> dict[str, str]:
    return {
        "type": kinds[0] if kinds else "",
        "number": numbers[0] if numbers else "",
        "country": next(iter(countries(issued)), ""),
    }


def _nested(entity: Entity) -> Iterator[Entity]:
    """What stands within an entity, as in a file of nested targets."""
    for values in entity["properties"].values():
        if isinstance(values, list):
            yield from (value for value in values if isinstance(value, dict) and is_entity(value))


def _values(entity: Entity, name: str, number: int) -> list[str]:
    """The texts of a property; of what is nested, nothing."""
    values = entity["properties"].get(name, ())
    if not isinstance(values, list | tuple):
        raise Broken(f"line {number}: {entity['id'][:100]}.{name} is no list")
    return [value for value in values if isinstance(value, str)]
