"""What the pictures of a case say, beside what was claimed: for a reviewer's eyes, nothing is decided by it here."""

import re
import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from libs.documents.apart import Unreadable
from libs.documents.reader import Reader
from libs.documents.reading import NoPicture, said
from libs.events.models import Document, Individual

KEPT = 256  # readings
NICE = 10
# Fields of a reading, as they are called here, in the order in which they are shown.
FIELDS = {
    "documentNumber": "Number",
    "familyName": "Family name",
    "givenNames": "Given names",
    "dateOfBirth": "Date of birth",
    "sex": "Sex",
    "nationality": "Nationality",
    "issuingState": "Issued by",
    "issueDate": "Issued",
    "expiryDate": "Expires",
}
NOT_SAID = re.compile(r"[^0-9a-z]")


class Line(NamedTuple):
    """A field as it was claimed and as it is read; `same` where both say it, written however."""

    name: str
    claimed: str
    read: str
    same: bool


class Readings:
    """Reads pictures in a process of their own, one at a time, and remembers the last ones."""

    def __init__(self) -> None:
        self._reader = Reader(nice=NICE)
        self._known: OrderedDict[str, Mapping[str, Any]] = OrderedDict()

    async def of(self, sha256: str, data: Callable[[], Any], today: date) -> Mapping[str, Any]:
        """What a picture says, as `libs.documents.reading.said` has it; `reason` where it says nothing."""
        if sha256 not in self._known:
            try:
                self._known[sha256] = said(await self._reader.read(await data()), today)
            except (NoPicture, Unreadable) as problem:
                self._known[sha256] = {"kind": None, "fields": {}, "checkDigits": {}, "reason": str(problem)}
        self._known.move_to_end(sha256)
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        return self._known[sha256]

    def close(self) -> None:
        """End the process."""
        self._reader.close()


def beside(individual: Individual, document: Document, read: Mapping[str, Any]) -> list[Line]:
    """What was claimed and what is read, field by field; those of which neither says anything are left out."""
    claimed = _claimed(individual, document)
    fields = read.get("fields", {})
    told = [(name, title, claimed.get(name) or "", str(fields.get(name) or "")) for name, title in FIELDS.items()]
    return [Line(title, ours, theirs, _same(ours, theirs)) for _, title, ours, theirs in told if ours or theirs]


def _claimed(individual: Individual, document: Document) -> dict[str, str | None]:
    name, born, gender = individual.name, individual.dateOfBirth, individual.gender
    return {
        "documentNumber": document.primaryIdentifier,
        "familyName": name.familyName,
        "givenNames": _joined([name.givenName, name.middleName]),
        "dateOfBirth": born.normalized if born else None,
        "sex": gender.value[:1] if gender else None,
        "nationality": individual.nationality,
        "issuingState": document.country,
        "issueDate": document.issueDate,
        "expiryDate": document.expiryDate,
    }


def _joined(parts: Iterable[str | None]) -> str:
    return " ".join(part for part in parts if part)


def _same(claimed: str, read: str) -> bool:
    return bool(claimed) and _plain(claimed) == _plain(read)


def _plain(text: str) -> str:
    """Letters and digits, without case and accents."""
    return NOT_SAID.sub("", unicodedata.normalize("NFKD", text.casefold()))
