"""Look-up tables: the risk rating of a country and of a kind of document."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

ALPHA3 = re.compile(r"[A-Z]{3}")
STANDARD, UNKNOWN, WEAK = "STANDARD", "UNKNOWN", "WEAK"


class Tables(NamedTuple):
    """Ratings by country (ISO 3166-1 alpha-3) and by document type."""

    countries: Mapping[str, str]
    documents: Mapping[str, str]

    def country(self, code: str) -> str:
        """The rating of a country; one that is not listed is STANDARD, what is no country's code UNKNOWN."""
        code = code.strip().upper()
        return self.countries.get(code, STANDARD) if ALPHA3.fullmatch(code) else UNKNOWN

    def document(self, kind: str) -> str:
        """The rating of a document type."""
        return self.documents.get(kind.strip().upper(), WEAK)


def by_member(table: Mapping[str, Any], members: str) -> dict[str, str]:
    """member → rating, of a table's ratings with their `members`; the first rating that has a member counts."""
    found: dict[str, str] = {}
    for group in table["ratings"]:
        for member in group[members]:
            found.setdefault(member, group["rating"])
    return found
