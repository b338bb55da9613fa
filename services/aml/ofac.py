"""The list of specially designated nationals in the layout in which OFAC gives it out, read into plain facts."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from rigour.territories import lookup_territory

NULL = "-0-"
# Columns of SDN.CSV, which has no header.
ENT_NUM, NAME, KIND, PROGRAMMES, TITLE, REMARKS = 0, 1, 2, 3, 4, 11
SDN_COLUMNS = 12

GENDERS = {"Male": "male", "Female": "female"}
ALIAS_KINDS = {"aka", "fka", "nka"}
SUFFIXES = {"JR", "SR", "II", "III", "IV"}

# What OFAC writes before the number of a document or of a registration.
IDENTIFIERS = (
    "Passport", "Diplomatic Passport", "U.S.A. Passport", "Stateless Person Passport", "Travel Document Number",
    "National ID No.", "National Foreign ID Number", "Identification Number", "Identity Card", "Personal ID Card",
    "Citizen's Card Number", "Tazkira National ID Card", "Turkish Identification Number", "Kenyan ID No.",
    "Tax ID No.", "Cedula No.", "Cedula de Residencia", "C.U.R.P.", "R.F.C.", "RFC", "I.F.E.", "C.U.I.", "C.U.I.P.",
    "C.U.I.T.", "D.N.I.", "NIT #", "LE Number", "SSN", "Italian Fiscal Code", "Driver's License No.",
    "Electoral Registry No.", "Credencial electoral", "Birth Certificate Number", "Numero de Identidad",
    "Residency Number", "Refugee ID Card", "Military Registration Number", "VisaNumberID",
)  # fmt: skip
_IDENTIFIER = re.compile(
    rf"(?:alt\. )?(?P<type>{'|'.join(re.escape(kind) for kind in sorted(IDENTIFIERS, key=len, reverse=True))})"
    r" (?P<number>[^ ()][^()]*?)(?: issued [^()]*| expires [^()]*)?(?: \((?P<country>[^()]+)\))?(?: .*)?"
)
_BORN = re.compile(r"(?:alt\. )?DOB (?P<text>.+)")
_COUNTRY = re.compile(r"(?:alt\. )?(?:nationality|citizen) (?P<name>.+)")
_GENDER = re.compile(r"Gender (?P<name>\w+)")
# A weak alias stands in the remarks; OFAC does not count it as enough to alert on by itself.
_WEAK_ALIAS = re.compile(r"[af]\.k\.a\. '(?P<name>.+?)'(?=[;.]|$)")
_CIRCA = re.compile(r"circa\s+")
_RANGE = re.compile(r"\s+to\s+|(?<=\d{4})-(?=\d{4})")
_DATE_FORMATS = (("%d %b %Y", "%Y-%m-%d"), ("%b %Y", "%Y-%m"), ("%Y", "%Y"))
LONGEST_RANGE = 15


def persons(sdn: Iterable[Sequence[str]], alt: Iterable[Sequence[str]]) -> Iterator[dict[str, Any]]:
    """The individuals of the list as plain facts, in the order of SDN.CSV; `alt` is ALT.CSV below its header."""
    aliases = _strong_aliases(alt)
    for row in sdn:
        cells = [_cell(value) for value in row]
        if len(cells) == SDN_COLUMNS and cells[KIND] == "individual":
            yield person(cells, aliases.get(cells[ENT_NUM], []))


def with_addresses(found: Iterable[dict[str, Any]], add: Iterable[Sequence[str]]) -> Iterator[dict[str, Any]]:
    """Entries with their addresses of ADD.CSV, where it has some."""
    addresses: dict[str, list[str]] = {}
    for row in add:
        ent_num, _, *parts = (_cell(value) for value in row)
        if written := ", ".join(part for part in parts[:3] if part):
            addresses.setdefault(f"ofac-{ent_num}", []).append(written)
    for facts in found:
        yield {**facts, "addresses": addresses[facts["id"]]} if facts["id"] in addresses else facts


def person(cells: Sequence[str], aliases: Sequence[dict[str, str]]) -> dict[str, Any]:
    """One individual as plain facts."""
    facts = remarks(cells[REMARKS])
    name, family = display_name(cells[NAME])
    weak = [{"name": display_name(alias)[0], "quality": "weak"} for alias in facts.pop("weakAliases")]
    return {
        "id": f"ofac-{cells[ENT_NUM]}",
        "schema": "Person",
        "name": name,
        "familyName": family,
        "aliases": [*aliases, *weak],
        **facts,
        "title": cells[TITLE],
        "programmes": [part for part in re.split(r"\] \[", cells[PROGRAMMES].strip("[] ")) if part],
        "topics": ["sanction"],
        "remarks": cells[REMARKS],
    }


def display_name(listed: str) -> tuple[str, str]:
    """'PUTIN, Vladimir Vladimirovich' as ('Vladimir Vladimirovich PUTIN', 'PUTIN'); a name without comma as it is."""
    family, *rest = (part.strip() for part in listed.split(","))
    if not rest:
        return family, ""
    suffixes = [part for part in rest if part.upper().rstrip(".") in SUFFIXES]
    given = [part for part in rest if part not in suffixes]
    return " ".join(part for part in (*given, family, *suffixes) if part), family


def remarks(text: str) -> dict[str, Any]:
    """What the remarks of an entry say of a person, e.g. 'DOB 12 Dec 1964; nationality Cuba; Gender Male.'"""
    facts: dict[str, Any] = {"datesOfBirth": [], "countries": [], "gender": "", "identifiers": []}
    facts["weakAliases"] = [match["name"] for match in _WEAK_ALIAS.finditer(text)]
    for remark in (part.strip() for part in text.rstrip(". ").split(";")):
        if match := _BORN.fullmatch(remark):
            _add(facts["datesOfBirth"], dates(match["text"]))
        elif match := _COUNTRY.fullmatch(remark):
            _add(facts["countries"], country(match["name"]))
        elif match := _GENDER.fullmatch(remark):
            facts["gender"] = GENDERS.get(match["name"], "")
        elif match := _IDENTIFIER.fullmatch(remark):
            _add(facts["identifiers"], [_identifier(match)])
    return facts


def dates(text: str) -> list[str]:
    """A date of birth in ISO 8601, as exact as listed; circa gives the year, a range each of its years."""
    ends = [_date(part) for part in _RANGE.split(_CIRCA.sub("", text.strip()))]
    if not all(ends):
        return []
    if len(ends) == 1:
        return [ends[0][:4] if _CIRCA.match(text) else ends[0]]
    first, last = int(ends[0][:4]), int(ends[-1][:4])
    return [str(year) for year in range(first, min(last, first + LONGEST_RANGE) + 1)]


def country(name: str) -> list[str]:
    """The ISO 3166-1 alpha-2 code of a country as OFAC writes it, or nothing where it is none."""
    territory = lookup_territory(name.removeprefix("possibly ").strip())
    return [] if territory is None else [territory.code]


def _date(text: str) -> str:
    for written, iso in _DATE_FORMATS:
        try:
            return datetime.strptime(text, written).strftime(iso)
        except ValueError:
            continue
    return ""


def _identifier(match: re.Match[str]) -> dict[str, str]:
    code = country(match["country"]) if match["country"] else []
    return {"type": match["type"], "number": match["number"].strip(), "country": code[0] if code else ""}


def _strong_aliases(alt: Iterable[Sequence[str]]) -> dict[str, list[dict[str, str]]]:
    aliases: dict[str, list[dict[str, str]]] = {}
    for row in alt:
        ent_num, _, kind, name = (_cell(value) for value in (*row, "", "", "", "")[:4])
        if kind in ALIAS_KINDS and name:
            aliases.setdefault(ent_num, []).append({"name": display_name(name)[0], "quality": "strong"})
    return aliases


def _add(known: list[Any], found: Iterable[Any]) -> None:
    known.extend(value for value in found if value not in known)


def _cell(value: str) -> str:
    text = value.strip()
    return "" if text == NULL else text
