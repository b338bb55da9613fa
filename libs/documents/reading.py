"""What is read from a document's picture: its barcode or its machine readable zone, and what of it cannot be read."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from libs.documents.aamva import Licence
from libs.documents.layout import LAYOUTS
from libs.documents.mrz import Mrz

# How far ahead a document may expire; a year beyond is one of the last century.
YEARS_AHEAD = 50
# As the fields of a zone are told, and of which of its own fields each is; the last two are dates.
TOLD = {
    "documentCode": "code", "issuingState": "issuer", "documentNumber": "number", "nationality": "nationality",
    "sex": "sex", "familyName": "name", "givenNames": "name", "optional": "optional", "dateOfBirth": "birth",
    "expiryDate": "expiry",
}  # fmt: skip


class NoPicture(ValueError):
    """The bytes are no picture that is read; says why."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one picture said. `unread`: fields, or the whole, that cannot be read; `why` says so of the whole."""

    kind: str = ""
    text: str = ""
    mrz: Mrz | None = None
    licence: Licence | None = None
    unread: tuple[str, ...] = ()
    why: str = ""


def said(reading: Reading, today: date) -> dict[str, Any]:
    """A reading as a document: kind, format, fields, check digits, what cannot be read, and else its lines.

    A zone does not say the century of its dates: no birth is after today, no expiry long after.
    """
    document: dict[str, Any] = {"kind": reading.kind or None, "format": None, "fields": {}, "checkDigits": {}}
    if reading.mrz:
        document |= _mrz(reading, reading.mrz, today)
    if reading.licence:
        licence = asdict(reading.licence)
        document |= {"format": f"AAMVA {licence.pop('version')}", "fields": _licence(licence)}
    document["unread"] = [name for name in TOLD if TOLD[name] in reading.unread] or list(reading.unread)
    return document | ({"reason": reading.why} if reading.why else {})


def _mrz(reading: Reading, mrz: Mrz, today: date) -> dict[str, Any]:
    fields = {
        "documentCode": mrz.code,
        "issuingState": mrz.issuer,
        "documentNumber": mrz.number,
        "nationality": mrz.nationality,
        "dateOfBirth": whole(mrz.birth, today.year, today),
        "sex": mrz.sex.replace("<", "") or None,
        "expiryDate": whole(mrz.expiry, today.year + YEARS_AHEAD, today),
        "familyName": mrz.familyName,
        "givenNames": mrz.givenNames,
        "optional": mrz.optional,
    }
    return {
        "format": mrz.format,
        "fields": {name: value for name, value in fields.items() if TOLD[name] not in reading.unread},
        "checkDigits": {field: field not in mrz.wrong for field in LAYOUTS[mrz.format].digits},
        **({} if reading.unread else {"lines": reading.text.split("\n")}),
    }


def whole(text: str, last: int, today: date) -> str:
    """The ISO 8601 date of YYMMDD, as much as is known, in the last century in which it is no later than `last`."""
    known = text.rstrip("<")
    if len(known) < 2:
        return ""
    century = last - last % 100
    year = century + int(known[:2])
    written = "-".join((f"{year}", *(known[at : at + 2] for at in (2, 4) if known[at : at + 2])))
    late = year > last or (last == today.year and written > today.isoformat())
    return f"{year - 100}{written[4:]}" if late else written


def _licence(licence: Mapping[str, Any]) -> dict[str, Any]:
    names = {
        "number": "documentNumber",
        "birth": "dateOfBirth",
        "expiry": "expiryDate",
        "issued": "issueDate",
        "country": "issuingState",
    }
    return {names.get(name, name): value for name, value in licence.items() if value != ""}
