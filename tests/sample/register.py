"""The people of the register, as its sources agree on them."""

import gzip
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
import yaml

from libs.embedded.services import ROOT
from libs.events.models import Address, DateOfBirth, Document, Individual, Name

DATA = ROOT / "services" / "kyc" / "data"
_PLACE = ("unitNumber", "streetNumber", "streetName", "postalCode")

Line = Mapping[str, Any]


@dataclass(frozen=True)
class Citizen:
    """A person as they know themselves, and who knows them so: independence groups, by what agrees to the letter.

    Sources of documents are left out of `by_birth`: they are asked about whoever shows the document, about nobody else.
    """

    number: str
    individual: Individual
    groups: frozenset[str]
    by_birth: frozenset[str]
    by_address: frozenset[str]
    one_birth_date: bool

    @property
    def known_by(self) -> int:
        """Independent sources that know the name with the date of birth or the address."""
        return len(self.by_birth | self.by_address)

    @property
    def born(self) -> str:
        """ISO 8601; empty where no source says."""
        return self.individual.dateOfBirth.normalized if self.individual.dateOfBirth else ""

    @property
    def document(self) -> Document | None:
        """The document that a source holds of them."""
        return next(iter(self.individual.documents), None)


def citizens() -> list[Citizen]:
    """Everybody whose name nobody else in the register has; a line's number, at the end of its reference, is theirs."""
    sources = {one["id"]: one for one in yaml.safe_load((DATA / "sources.yaml").read_text())["sources"]}
    lines: dict[str, list[Line]] = defaultdict(list)
    with gzip.open(DATA / "register.jsonl.gz") as file:
        for text in file:
            line = orjson.loads(text)
            lines[line["reference"].rpartition("-")[2]].append(line)
    everybody = [citizen for number, own in sorted(lines.items()) if (citizen := _citizen(number, own, sources))]
    named = Counter(plain(_whole(one.individual.name)) for one in everybody)
    return [one for one in everybody if named[plain(_whole(one.individual.name))] == 1]


def plain(text: str) -> str:
    """A name in lower-case letters without accents, its words in alphabetical order."""
    letters = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return " ".join(sorted(re.findall(r"[^\W\d_]+", letters.lower())))


def _citizen(number: str, lines: list[Line], sources: Mapping[str, Line]) -> Citizen | None:
    def group(known: Iterable[Line]) -> frozenset[str]:
        return frozenset(sources[line["source"]]["independenceGroup"] for line in known)

    names = [line["name"] for line in lines]
    # The way of writing that is not all in capitals, with all of the names where somebody has them.
    name = max(
        names, key=lambda one: (one["familyName"] != one["familyName"].upper(), len(one.get("middleName") or ""))
    )
    born = _commonest(line.get("dateOfBirth") for line in lines)
    place = _commonest(_place(address) for line in lines for address in line.get("addresses", ()))
    if not plain(_whole(Name(**name))).isascii():
        return None
    same = [line for line in lines if _same_name(line["name"], name)]
    homes = [address for line in lines for address in line.get("addresses", ()) if _place(address) == place]
    asked = [line for line in same if "document" not in sources[line["source"]]["holds"]]
    documents = [document for line in lines for document in line.get("documents", ())]
    individual = Individual(
        name=Name(**{part: text.title() if text.isupper() else text for part, text in name.items()}),
        dateOfBirth=DateOfBirth(normalized=born) if born else None,
        addresses=[Address(**homes[0])] if homes else [],
        documents=[Document(**documents[0])] if documents else [],
    )
    return Citizen(
        number,
        individual,
        groups=group(lines),
        by_birth=group(line for line in asked if born and line.get("dateOfBirth") == born),
        by_address=group(line for line in asked if any(_place(one) == place for one in line.get("addresses", ()))),
        one_birth_date=len({line["dateOfBirth"] for line in lines if "dateOfBirth" in line}) == 1,
    )


def _commonest(values: Iterable[Any]) -> Any:
    counted = Counter(value for value in values if value)
    return max(counted, key=lambda value: (counted[value], value), default=None)


def _place(address: Line) -> tuple[str, ...]:
    return tuple(address.get(part, "") for part in _PLACE)


def _same_name(one: Line, other: Line) -> bool:
    return all(plain(one.get(part, "")) == plain(other.get(part, "")) for part in ("givenName", "familyName"))


def _whole(name: Name) -> str:
    return f"{name.givenName or ''} {name.familyName}"
