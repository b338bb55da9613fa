"""The UK Sanctions List in its XML (schema of the FCDO), read into plain facts."""

from collections.abc import Iterator
from typing import IO, Any

from lxml.etree import _Element

from services.aml.facts import PERSON, countries, day_first, unique
from services.aml.xml import Broken, elements, place, text

ROOT, ENTITY = "Designations", "Designation"
# The family name is the sixth.
NAMES = ("Name1", "Name2", "Name3", "Name4", "Name5", "Name6")
PRIMARY = "primary name"
WEAK = "low quality a.k.a"
ADDRESS = (*(f"AddressLine{number}" for number in range(1, 7)), "AddressPostalCode", "AddressCountry")
PAPERS = (("Passport", "PassportNumber"), ("NationalIdentifier", "NationalIdentifierNumber"))
GENDERS = {"male": "male", "female": "female"}


def entries(file: IO[bytes]) -> Iterator[dict[str, Any]]:
    """The individuals, entities and ships of the list, in its order; raises Broken."""
    for entity in elements(file, ROOT, (ENTITY,)):
        yield _facts(entity)


def _facts(entity: _Element) -> dict[str, Any]:
    number = text(entity, "UniqueID")
    names = [one for one in entity.iterfind("Names/Name") if _whole(one)]
    if not number or not names:
        raise Broken(f"{place(entity)}: no unique id or no name")
    first = next((one for one in names if text(one, "NameType").casefold() == PRIMARY), names[0])
    originals = [text(one, "NameNonLatinScript") for one in entity.iterfind("NonLatinNames/NonLatinName")]
    genders = (text(one, ".").casefold() for one in entity.iter("Gender"))
    kind = text(entity, "IndividualEntityShip")
    return {
        "id": f"uk-{number}",
        "schema": PERSON if kind == "Individual" else "Vessel" if kind == "Ship" else "Organization",
        "name": _whole(first),
        "familyName": text(first, "Name6") if kind == "Individual" else "",
        "aliases": [
            *({"name": _whole(one), "quality": _quality(one)} for one in names if one is not first),
            *({"name": name, "quality": "strong"} for name in originals if name),
        ],
        "datesOfBirth": unique(day_first(text(one, ".")) for one in entity.iter("DOB")),
        "countries": countries(text(one, ".") for one in entity.iter("Nationality")),
        "gender": next((GENDERS[gender] for gender in genders if gender in GENDERS), ""),
        "identifiers": [
            {"type": kind, "number": text(one, number_of), "country": ""}
            for kind, number_of in PAPERS
            for one in entity.iter(kind)
            if text(one, number_of)
        ],
        "addresses": unique(_address(one) for one in entity.iterfind("Addresses/Address")),
        "programmes": unique([text(entity, "RegimeName")]),
        "topics": ["sanction"],
        "listed": day_first(text(entity, "DateDesignated")),
        "remarks": "\n".join(unique(text(entity, part) for part in ("OtherInformation", "UKStatementofReasons"))),
    }


def _whole(name: _Element) -> str:
    return " ".join(part for part in (text(name, one) for one in NAMES) if part)


def _quality(name: _Element) -> str:
    return "weak" if text(name, "AliasStrength").casefold().rstrip(".") == WEAK else "strong"


def _address(one: _Element) -> str:
    return ", ".join(part for part in (text(one, line) for line in ADDRESS) if part)
