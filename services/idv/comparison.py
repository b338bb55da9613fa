"""Whether what a machine readable zone says agrees with what is claimed."""

import re
from datetime import date

from rapidfuzz.distance import OSA

from libs.documents.mrz import Mrz
from libs.documents.reading import YEARS_AHEAD
from libs.documents.transliteration import spellings, transliterated
from libs.events.models import Name, ProcessResultCode

MATCH, PARTIAL, NO_MATCH = ProcessResultCode.MATCH, ProcessResultCode.PARTIAL_MATCH, ProcessResultCode.NO_MATCH
# A name or number that is like this much is a slip of the pen.
SLIP = 0.8
# Codes of the zone that are not ISO 3166-1 alpha-3, or that name a kind of citizen of a state.
COUNTRIES = {
    "D": "DEU", "GBD": "GBR", "GBN": "GBR", "GBO": "GBR", "GBP": "GBR", "GBS": "GBR", "RKS": "XKX", "ZIM": "ZWE",
}  # fmt: skip
DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


def name(claimed: Name, mrz: Mrz) -> ProcessResultCode:
    """The zone's name is the claimed one, as ICAO writes it, cut off where it has no room."""
    family, given = mrz.familyName.replace(" ", ""), mrz.givenNames.replace(" ", "")
    families = spellings(claimed.familyName)
    if family in families:
        return _given(claimed, mrz)
    if mrz.truncated and not given and any(one.startswith(family) for one in families):
        return MATCH
    first = spellings(claimed.givenName or "")
    if family in first and given in families:
        return PARTIAL
    slip = any(OSA.normalized_similarity(family, one) >= SLIP for one in families)
    return PARTIAL if slip and _given(claimed, mrz) is not NO_MATCH else NO_MATCH


def _given(claimed: Name, mrz: Mrz) -> ProcessResultCode:
    """Given and middle names: the zone may have more of them than claimed; fewer agree in part."""
    said = mrz.givenNames.replace(" ", "")
    first = spellings(claimed.givenName or "") - {""}
    others = f"{claimed.middleName or ''} {claimed.otherName or ''}".strip()
    whole = spellings(f"{claimed.givenName or ''} {others}")
    if said in whole or (mrz.truncated and any(one.startswith(said) for one in whole)):
        return MATCH
    if not said or not first:
        return PARTIAL
    if any(said.startswith(one) for one in first):
        return PARTIAL if others and not _among(others, mrz) else MATCH
    one, other = mrz.givenNames.split(), transliterated(claimed.givenName or "").split()
    shared = not set(one).isdisjoint(other)
    slip = any(OSA.normalized_similarity(said, way) >= SLIP for way in first | whole)
    near = OSA.normalized_similarity(one[0], other[0]) >= SLIP if other else False
    return PARTIAL if shared or slip or near else NO_MATCH


def _among(others: str, mrz: Mrz) -> bool:
    """Each further name, or its initial, is one of the zone's."""
    said = mrz.givenNames.split()[1:]
    return all(any(one.startswith(word) or word == one for one in said) for word in transliterated(others).split())


def birth(claimed: str, mrz: Mrz) -> ProcessResultCode:
    """The date of birth agrees as far as both know it; in part with day and month changed about or one digit wrong."""
    if not DATE.fullmatch(claimed):
        return ProcessResultCode.BAD_DATA
    parts = claimed.split("-")
    known = "".join((parts[0][-2:], *parts[1:]))
    said = mrz.birth[: len(known)]
    if all(a in (b, "<") for a, b in zip(said, known, strict=True)):
        return MATCH if said.strip("<") else PARTIAL
    if len(known) == 6 and said == known[:2] + known[4:] + known[2:4]:
        return PARTIAL
    return PARTIAL if len(known) == 6 and OSA.distance(said, known) == 1 else NO_MATCH


def number(claimed: str, mrz: Mrz) -> ProcessResultCode:
    """The document number agrees, spaces and dashes apart; in part with one character wrong or two changed about."""
    plain = "".join(letter for letter in claimed.upper() if letter.isalnum())
    if plain == mrz.number:
        return MATCH
    return PARTIAL if plain and OSA.distance(plain, mrz.number) == 1 else NO_MATCH


def country(claimed: str, mrz: Mrz) -> ProcessResultCode:
    """The issuing state is the claimed country."""
    return MATCH if COUNTRIES.get(mrz.issuer, mrz.issuer) == claimed else NO_MATCH


def expiry(mrz: Mrz, now: date) -> date | None:
    """When the document expires, by its zone; None where it does not say. Raises ValueError for no date."""
    if "<" in mrz.expiry:
        return None
    year, month, day = (int(mrz.expiry[at : at + 2]) for at in (0, 2, 4))
    century = 2000 if 2000 + year <= now.year + YEARS_AHEAD else 1900
    return date(century + year, month, day)
