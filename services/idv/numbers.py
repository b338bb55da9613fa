"""The form that document numbers have, by issuer: a table, `data/document_numbers.csv`, that names its sources."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from libs.events.models import Document

PRIMARY, SECONDARY = "primary", "secondary"

Key = tuple[str, str, str, str]


class Form(NamedTuple):
    """The form of one number, and in words."""

    pattern: re.Pattern[str]
    words: str


Forms = Mapping[Key, Form]


def forms(rows: Iterable[Mapping[str, str]]) -> Forms:
    """The table's rows by country, subdivision, type and identifier; raises ValueError for one that is given twice."""
    found: dict[Key, Form] = {}
    for row in rows:
        key = row["country"], row["subdivision"], row["type"], row["identifier"]
        if key in found or key[-1] not in (PRIMARY, SECONDARY) or not row["source"] or None in row:
            raise ValueError(
                f"document numbers: {'/'.join(key)} is given twice, or lacks a column, or has one too many"
            )
        found[key] = Form(re.compile(row["pattern"]), row["form"])
    return found


def well_formed(document: Document, identifier: str, known: Forms) -> bool | None:
    """Whether a number has the form of its issuer; None where there is no number, or no form is known."""
    number = document.primaryIdentifier if identifier == PRIMARY else document.secondaryIdentifier
    subdivision = (document.subdivision or "").upper()
    places = ((document.country, of, document.type, identifier) for of in (subdivision, ""))
    form = next((known[place] for place in places if place in known), None)
    if form is None or not number:
        return None
    plain = "".join(letter for letter in number.upper() if letter.isalnum())
    return form.pattern.fullmatch(plain) is not None
