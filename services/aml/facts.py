"""What every format is read into: the facts of an entry, its texts harmless and of bounded size."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rigour.territories import lookup_territory

from services.aml.xml import Broken

# What no name is longer than, in characters, and how many names one entry may have.
LONGEST_NAME, MOST_NAMES = 500, 500
LONGEST_RANGE = 15
# Joiners that are letters' business in Persian and in the scripts of India.
JOINERS = "\u200c\u200d"
SPACES = frozenset("\t\n\r\v\f\x00")
PERSON = "Person"
_DAY_FIRST = re.compile(r"(?:(\d{1,2}|dd|00)[/.-])?(?:(\d{1,2}|mm|00)[/.-])?(\d{4})", re.IGNORECASE)


def tidy(found: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Entries with clean names, what had to be changed told as `notes`; raises Broken for one that is there twice."""
    seen: set[str] = set()
    for facts in found:
        if facts["id"] in seen:
            raise Broken(f"entry {facts['id'][:100]}: is there twice")
        seen.add(facts["id"])
        yield _tidy(facts)


def _tidy(facts: Mapping[str, Any]) -> dict[str, Any]:
    notes: set[str] = set()
    name = plain(facts["name"], notes)
    if not name:
        raise Broken(f"entry {facts['id'][:100]}: has no name")
    aliases: dict[str, str] = {}
    for alias in facts.get("aliases", ()):
        written = plain(alias["name"], notes)
        if written and written != name:
            aliases.setdefault(written, alias["quality"])
    if len(aliases) > MOST_NAMES:
        notes.add(f"{len(aliases)} names, the first {MOST_NAMES} were taken")
    taken = [{"name": alias, "quality": aliases[alias]} for alias in list(aliases)[:MOST_NAMES]]
    tidied = {**facts, "name": name, "aliases": taken}
    return {**tidied, "notes": sorted(notes)} if notes else tidied


def plain(text: str, notes: set[str]) -> str:
    """A text without control and direction marks, on one line, not too long; what was changed is added to the notes."""
    kept = "".join(" " if char in SPACES else char for char in text if char in SPACES or not _mark(char))
    if len(kept) != len(text) or "\x00" in text:
        notes.add("control or direction marks were taken out of a name")
    name = " ".join(kept.split())
    if len(name) > LONGEST_NAME:
        notes.add(f"a name of {len(name)} characters was cut to {LONGEST_NAME}")
    return name[:LONGEST_NAME].strip()


def _mark(char: str) -> bool:
    return char not in JOINERS and unicodedata.category(char)[0] == "C"


def countries(names: Iterable[str]) -> list[str]:
    """The codes of countries, ISO 3166-1 alpha-2 in lower case; what is none is left out."""
    territories = (lookup_territory(name.strip()) for name in names if name.strip())
    return unique(territory.code for territory in territories if territory is not None)


def unique(values: Iterable[str]) -> list[str]:
    """Each once, none empty, in their order."""
    return list(dict.fromkeys(value for value in values if value))


def day_first(text: str, *, circa: bool = False) -> str:
    """'dd/mm/1964', '00.05.1964', '18/05/1964' or '1964' in ISO 8601, as exact as known; empty where it is none."""
    if not (match := _DAY_FIRST.fullmatch(text.strip())):
        return ""
    day, month, year = match.groups()
    if day and not month:
        day, month = None, day
    parts = [year] if circa or not _number(month) else [year, month, day] if _number(day) else [year, month]
    return "-".join(part.zfill(2) for part in parts if part)


def _number(text: str | None) -> bool:
    return bool(text and text.isdecimal() and int(text))


def years(first: str, last: str) -> list[str]:
    """Each year of a range, of a long one its beginning."""
    if not (first.isdecimal() and last.isdecimal()):
        return []
    return [str(year) for year in range(int(first), min(int(last), int(first) + LONGEST_RANGE) + 1)]
