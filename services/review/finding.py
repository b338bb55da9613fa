"""By what a case is found: the beginnings of words, so that what was typed so far finds it."""

import re
import unicodedata
from collections.abc import Iterable

from libs.events.models import Individual, Name

WORD = re.compile(r"\w+")
LONGEST = 12


def name_of(individual: Individual) -> str:
    """The person's name as shown."""
    return shown(individual.name)


def shown(name: Name) -> str:
    """A name as shown."""
    parts = (name.givenName, name.middleName, name.familyName)
    return name.displayName or " ".join(part for part in parts if part)


def words(text: str) -> list[str]:
    """The words of a text without case and accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return WORD.findall("".join(one for one in plain if not unicodedata.combining(one)))


def beginnings(texts: Iterable[str]) -> list[str]:
    """Every beginning of every word that a case may be looked for by, the longest cut."""
    found = {word[:length] for text in texts for word in words(text) for length in range(2, LONGEST + 1)}
    return sorted(found)


def looked_for(typed: str) -> list[str]:
    """The beginnings that a case has which is meant by what was typed."""
    return [word[:LONGEST] for word in words(typed) if len(word) > 1]
