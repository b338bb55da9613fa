"""The barcode of a North American driver's licence or identity card, as AAMVA's card design standard lays it out.

Facts: AAMVA DL/ID Card Design Standard, annex D, versions 1 to 10; the older ones name and date otherwise.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

HEADER = re.compile(r"@\s*\x1e?\s*(?:ANSI |AAMVA)(\d{6})(\d\d)")
ELEMENT = re.compile(r"(?:DL|ID|Z[A-Z])?([DZ][A-Z]{2})(.*)", re.DOTALL)
# Since version 2 the version of the jurisdiction follows.
WITH_JURISDICTION = 2
DESIGNATOR = 10
SEXES = {"1": "M", "2": "F", "9": "X", "M": "M", "F": "F", "X": "X"}
NO_VALUE = frozenset({"", "NONE", "UNAVL", "N/A"})
COUNTRIES = {"USA": "USA", "US": "USA", "CAN": "CAN", "CA": "CAN"}
PROVINCES = frozenset({"AB", "BC", "MB", "NB", "NL", "NS", "NT", "NU", "ON", "PE", "QC", "SK", "YT"})
CENTURIES = range(1900, 2101)


class NoLicence(ValueError):
    """The text is no licence's; says why."""


@dataclass(frozen=True, slots=True)
class Licence:
    """What a licence's barcode says; dates are ISO 8601, what it does not say is empty.

    `truncated`: a name was cut off when the card was made.
    """

    version: int
    issuerNumber: str
    number: str
    familyName: str
    givenNames: str
    birth: str
    expiry: str
    issued: str
    sex: str
    country: str
    subdivision: str
    discriminator: str
    address: str
    truncated: bool


def parse(text: str) -> Licence:
    """The licence of a barcode's text; raises NoLicence."""
    header = HEADER.search(text)
    if header is None:
        raise NoLicence("the barcode is none of AAMVA's")
    version = int(header[2])
    said = _elements(text[header.end() :], version)
    family, given = _names(said)
    number, birth = said.get("DAQ", "").replace(" ", ""), _date(said, "DBB")
    if lacking := [name for name, one in (("number", number), ("name", family), ("date of birth", birth)) if not one]:
        raise NoLicence(f"the barcode says no {' and no '.join(lacking)}")
    subdivision = said.get("DAJ", "")
    return Licence(
        version=version,
        issuerNumber=header[1],
        number=number,
        familyName=family,
        givenNames=given,
        birth=birth,
        expiry=_date(said, "DBA"),
        issued=_date(said, "DBD"),
        sex=SEXES.get(said.get("DBC", ""), ""),
        country=COUNTRIES.get(said.get("DCG", ""), "CAN" if subdivision in PROVINCES else "USA" if subdivision else ""),
        subdivision=subdivision,
        discriminator=said.get("DCF", ""),
        address=_address(said),
        truncated="T" in (said.get("DDE"), said.get("DDF"), said.get("DDG")),
    )


def _elements(text: str, version: int) -> dict[str, str]:
    """Values by element; the first of several counts."""
    entries_at = 2 if version >= WITH_JURISDICTION else 0
    entries = text[entries_at : entries_at + 2]
    if not entries.isdigit():
        raise NoLicence("the barcode's header is broken")
    body = text[entries_at + 2 + DESIGNATOR * int(entries) :]
    said: dict[str, str] = {}
    for line in re.split(r"[\n\r\x1e]+", body):
        if found := ELEMENT.fullmatch(line):
            value = " ".join(found[2].split())
            said.setdefault(found[1], "" if value.upper() in NO_VALUE else value)
    return said


def _names(said: Mapping[str, str]) -> tuple[str, str]:
    """Family and given names, in the elements of whichever version."""
    if whole := said.get("DAA"):
        family, _, others = whole.partition(",")
        return family.strip(), " ".join(others.replace(",", " ").split())
    given = " ".join(filter(None, (said.get("DAC"), said.get("DAD")))) or said.get("DCT", "").replace(",", " ")
    return said.get("DCS") or said.get("DAB", ""), " ".join(given.split())


def _date(said: Mapping[str, str], element: str) -> str:
    """MMDDCCYY of the United States or CCYYMMDD of Canada: no date is both. Empty where it is neither."""
    text = said.get(element, "")
    if not re.fullmatch(r"\d{8}", text):
        return ""
    for year, month, day in ((text[4:], text[:2], text[2:4]), (text[:4], text[4:6], text[6:])):
        if int(year) in CENTURIES:
            try:
                return date(int(year), int(month), int(day)).isoformat()
            except ValueError:
                continue
    return ""


def _address(said: Mapping[str, str]) -> str:
    parts = (said.get(element, "") for element in ("DAG", "DAH", "DAI", "DAJ", "DAK"))
    return ", ".join(part for part in parts if part)
