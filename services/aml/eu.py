"""The consolidated list of financial sanctions of the EU (FSF, xmlFullSanctionsList 1.1), read into plain facts."""

from collections.abc import Iterator
from typing import IO, Any

from lxml.etree import _Element

from services.aml.facts import PERSON, countries, unique, years
from services.aml.xml import Broken, elements, place

ROOT, ENTITY = "export", "sanctionEntity"
NAMESPACE = "http://eu.europa.ec/fpi/fsd/export"
GENDERS = {"M": "male", "F": "female"}


def entries(file: IO[bytes]) -> Iterator[dict[str, Any]]:
    """The persons and enterprises of the list, in its order; raises Broken."""
    for entity in elements(file, ROOT, (ENTITY,)):
        yield _facts(entity)


def _facts(entity: _Element) -> dict[str, Any]:
    number = entity.get("euReferenceNumber") or entity.get("logicalId") or ""
    names = [alias for alias in entity.iterfind("nameAlias") if _whole(alias)]
    if not number or not names:
        raise Broken(f"{place(entity)}: no reference number or no name")
    first = next((alias for alias in names if alias.get("strong") != "false"), names[0])
    subject = entity.find("subjectType")
    person = subject is not None and subject.get("code") == "person"
    regulation = entity.find("regulation")
    listed = regulation.get("publicationDate", "") if regulation is not None else ""
    return {
        "id": f"eu-{number}",
        "schema": PERSON if person else "Organization",
        "name": _whole(first),
        "familyName": first.get("lastName", "").strip(),
        "aliases": [
            {"name": _whole(alias), "quality": "weak" if alias.get("strong") == "false" else "strong"}
            for alias in names
            if alias is not first
        ],
        "datesOfBirth": unique(date for born in entity.iterfind("birthdate") for date in _dates(born)),
        "countries": countries(_code(one) for one in entity.iterfind("citizenship")),
        "gender": next((GENDERS[alias.get("gender", "")] for alias in names if alias.get("gender") in GENDERS), ""),
        "identifiers": [_identifier(one) for one in entity.iterfind("identification")],
        "addresses": unique(_address(one) for one in entity.iterfind("address")),
        "programmes": unique(one.get("programme", "") for one in entity.iterfind("regulation")),
        "topics": ["sanction"],
        "listed": entity.get("designationDate") or listed,
        "title": first.get("title", ""),
        "remarks": "\n".join(" ".join((one.text or "").split()) for one in entity.iterfind("remark")),
    }


def _whole(alias: _Element) -> str:
    parts = [alias.get(part, "") for part in ("firstName", "middleName", "lastName")]
    return alias.get("wholeName", "").strip() or " ".join(part.strip() for part in parts if part.strip())


def _dates(born: _Element) -> Iterator[str]:
    """As exact as listed: what is circa gives its year, a range each of its years."""
    year, date = born.get("year", ""), born.get("birthdate", "")
    if born.get("yearRangeFrom"):
        yield from years(born.get("yearRangeFrom", ""), born.get("yearRangeTo", ""))
    elif date:
        yield date[:4] if born.get("circa") == "true" else date[:10]
    elif year.isdecimal() and len(year) == 4:
        month = born.get("monthOfYear", "")
        known = month.isdecimal() and int(month) and born.get("circa") != "true"
        yield f"{year}-{month.zfill(2)}" if known else year


def _identifier(one: _Element) -> dict[str, str]:
    code = countries([_code(one)])
    return {
        "type": one.get("identificationTypeDescription", ""),
        "number": one.get("number", "").strip(),
        "country": code[0] if code else "",
    }


def _address(one: _Element) -> str:
    parts = (one.get(part, "").strip() for part in ("street", "poBox", "zipCode", "city", "region"))
    written = [part for part in parts if part]
    country = one.get("countryDescription", "").strip()
    return ", ".join([*written, country] if country and country != "UNKNOWN" else written)


def _code(one: _Element) -> str:
    code = one.get("countryIso2Code", "")
    return "" if code == "00" else code
