"""The consolidated list of the UN Security Council in the XML in which it is given out, read into plain facts."""

from collections.abc import Iterator
from typing import IO, Any

from lxml.etree import _Element as Element

from services.aml.ofac import country
from services.aml.xml import Broken, elements, place
from services.aml.xml import text as _text

ROOT = "CONSOLIDATED_LIST"
NAMES = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
GENDERS = {"Male": "male", "Female": "female"}
# What the list calls an alias that does not identify by itself.
WEAK = "Low"
LONGEST_RANGE = 15


def persons(file: IO[bytes]) -> Iterator[dict[str, Any]]:
    """The individuals of the list as plain facts, in its order; raises Broken where it is no such list."""
    for individual in elements(file, ROOT, ("INDIVIDUAL",)):
        facts = _person(individual)
        if not facts["id"] or not facts["name"]:
            raise Broken(f"{place(individual)}: no reference number or no name")
        yield facts


def _person(individual: Element) -> dict[str, Any]:
    original = _text(individual, "NAME_ORIGINAL_SCRIPT")
    aliases = [{"name": original, "quality": "strong"}] if original else []
    return {
        "id": _text(individual, "REFERENCE_NUMBER"),
        "schema": "Person",
        "name": " ".join(part for part in (_text(individual, name) for name in NAMES) if part),
        "familyName": "",
        "aliases": [*aliases, *_aliases(individual)],
        "datesOfBirth": list(dict.fromkeys(_dates(individual))),
        "countries": list(dict.fromkeys(_countries(individual))),
        "gender": GENDERS.get(_text(individual, "GENDER"), ""),
        "programmes": [_text(individual, "UN_LIST_TYPE")],
        "topics": ["sanction"],
        "addresses": [address for one in individual.iterfind("INDIVIDUAL_ADDRESS") if (address := _address(one))],
        "identifiers": [
            {"type": _text(one, "TYPE_OF_DOCUMENT"), "number": number, "country": ""}
            for one in individual.iterfind("INDIVIDUAL_DOCUMENT")
            if (number := _text(one, "NUMBER"))
        ],
        "listed": _text(individual, "LISTED_ON")[:10],
        "remarks": _text(individual, "COMMENTS1"),
    }


def _aliases(individual: Element) -> Iterator[dict[str, str]]:
    for alias in individual.iterfind("INDIVIDUAL_ALIAS"):
        if name := _text(alias, "ALIAS_NAME"):
            yield {"name": name, "quality": "weak" if _text(alias, "QUALITY") == WEAK else "strong"}


def _dates(individual: Element) -> Iterator[str]:
    """As exact as listed: what is approximate gives its year, a range each of its years."""
    for born in individual.iterfind("INDIVIDUAL_DATE_OF_BIRTH"):
        kind, date, year = (_text(born, name) for name in ("TYPE_OF_DATE", "DATE", "YEAR"))
        first, last = _text(born, "FROM_YEAR"), _text(born, "TO_YEAR")
        if first.isdecimal() and last.isdecimal():
            yield from (str(one) for one in range(int(first), min(int(last), int(first) + LONGEST_RANGE) + 1))
        elif date:
            yield date[:10] if kind == "EXACT" else date[:4]
        elif year:
            yield year


def _countries(individual: Element) -> Iterator[str]:
    for nationality in individual.iterfind("NATIONALITY/VALUE"):
        yield from country((nationality.text or "").strip())


def _address(one: Element) -> str:
    parts = (_text(one, part) for part in ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY"))
    return ", ".join(part for part in parts if part)
