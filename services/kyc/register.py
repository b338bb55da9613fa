"""The reference register that comes with the project, as data sources."""

import gzip
import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import yaml

from libs.events.models import Address, CheckRequested, Document, Gender, Individual, Name, ReferenceVersion
from services.kyc.blocking import Key, Keyring, keys
from services.kyc.coverage import covers
from services.kyc.sources import About, Answered, Record

DATA = Path(__file__).parent / "data"
# A lookup gives back the records that share the most keys with the person, and those with at least half as many,
# never more than this.
CANDIDATES = 12


@dataclass(slots=True)
class RegisterSource:
    """One source of the register; without countries it covers every one."""

    about: About
    countries: frozenset[str]
    keyring: Keyring
    records: list[Record] = field(default_factory=list)
    index: dict[Key, list[int]] = field(default_factory=lambda: defaultdict(list))

    def add(self, record: Record) -> None:
        """Take in one record."""
        at = len(self.records)
        self.records.append(record)
        for key in keys([record.name], record.dateOfBirth, record.addresses, record.documents):
            self.index[key].append(at)

    def covers(self, individual: Individual) -> bool:
        """As of every source."""
        return covers(self.about, self.countries, individual)

    async def lookup(self, request: CheckRequested, recorded: str | None = None) -> Answered:
        """The register is in memory and always there."""
        return Answered(tuple(self.find(request.individual)))

    def find(self, individual: Individual) -> list[Record]:
        """The records that might be the person's, the likeliest first."""
        shared: Counter[int] = Counter()
        for key in self.keyring.of(individual):
            if key in self.index and (key[0] == "document" or not self._by_document):
                shared.update(self.index[key])
        likeliest = sorted(shared, key=lambda at: (-shared[at], at))[:CANDIDATES]
        return [self.records[at] for at in likeliest if 2 * shared[at] >= shared[likeliest[0]]]

    @property
    def _by_document(self) -> bool:
        return "document" in self.about.holds


@dataclass(frozen=True, slots=True)
class Register:
    """The sources of one register, and which version of it they are."""

    sources: Sequence[RegisterSource]
    reference: ReferenceVersion


def declared(path: Path = DATA / "sources.yaml") -> dict[str, RegisterSource]:
    """The sources by id, as yet without records."""
    document = yaml.safe_load(path.read_text())
    keyring = Keyring()
    return {entry["id"]: _source(entry, keyring) for entry in document["sources"]}


def load(path: Path = DATA / "register.jsonl.gz") -> Register:
    """The register of a file; its version is the hash of its content."""
    content = gzip.decompress(path.read_bytes())
    sources = declared()
    for line in content.splitlines():
        entry = orjson.loads(line)
        sources[entry["source"]].add(record(entry))
    sha256 = hashlib.sha256(content).hexdigest()
    return Register(list(sources.values()), ReferenceVersion(id="kyc-register", version=sha256[:12], sha256=sha256))


def record(entry: Mapping[str, Any]) -> Record:
    """A line of the register."""
    return Record(
        reference=entry["reference"],
        name=Name(**entry["name"]),
        dateOfBirth=entry.get("dateOfBirth"),
        addresses=tuple(Address(**address) for address in entry.get("addresses", ())),
        documents=tuple(Document(**document) for document in entry.get("documents", ())),
        gender=Gender(entry["gender"]) if "gender" in entry else None,
    )


def _source(entry: Mapping[str, Any], keyring: Keyring) -> RegisterSource:
    about = About(
        id=entry["id"],
        provider=entry["provider"],
        independenceGroup=entry["independenceGroup"],
        holds=frozenset(entry["holds"]),
        consent=entry.get("consent"),
        fuzziness=entry.get("fuzziness"),
    )
    return RegisterSource(about, frozenset(entry["countries"]), keyring)
