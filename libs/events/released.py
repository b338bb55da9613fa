"""Released schemas: append-only versions with the ids that stand on the wire.

`python -m libs.events.released` releases what has changed in `schemas/` as a new version.
"""

import json
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import fastavro

from libs.events.catalogue import NAMESPACE, SCHEMAS, fingerprint, schema, topics

RELEASED = SCHEMAS / "released"
LOCK = SCHEMAS / "ids.lock.json"


class UnknownSchema(LookupError):
    """No released schema has this id."""


@dataclass(frozen=True, slots=True, eq=False)
class Released:
    """One version of one record's schema and the id that its bytes carry."""

    record: str
    version: int
    id: int
    document: dict[str, Any]
    parsed: Any


@cache
def released() -> tuple[Released, ...]:
    """Every released version, in the order of release; raises ValueError where a file and the lock disagree."""
    return tuple(_load(record, entry) for record, entries in _lock().items() for entry in entries)


def versions(record: str) -> list[Released]:
    """The released versions of a record, oldest first."""
    return [one for one in released() if one.record == record]


def current(record: str) -> Released:
    """The version that this process writes, and reads all others as; raises UnknownSchema where there is none."""
    if record not in _ours():
        raise UnknownSchema(f"no released schema for {record}: run `make release-schemas`")
    return _ours()[record]


@cache
def _ours() -> dict[str, Released]:
    """The newest version of each record when first asked: the one that this process's models were made from.

    It stays, whatever is released later: what newer services write is read as what the models know.
    """
    return {one.record: one for one in released()}


def written_with(schema_id: int) -> Released:
    """The schema with an id; raises UnknownSchema."""
    if schema_id not in _by_id():
        raise UnknownSchema(f"no released schema has the id {schema_id}")
    return _by_id()[schema_id]


def forget() -> None:
    """Read the released schemas again when next asked: they may have been added to."""
    _ours()
    released.cache_clear()
    _by_id.cache_clear()


@cache
def _by_id() -> dict[int, Released]:
    return {one.id: one for one in released()}


def published_records() -> list[str]:
    """The records that some topic carries: these are released, the others travel within them."""
    return sorted({topic.schema for topic in topics().values()})


def path_of(record: str, version: int) -> Path:
    """The file of a released version."""
    return RELEASED / record.removeprefix(NAMESPACE) / f"{version}.avsc"


def release() -> list[str]:
    """Release each schema that differs from its last version; returns their names."""
    lock, done = _lock(), []
    for record in published_records():
        entries, document = lock.setdefault(record, []), schema(record)
        if entries and entries[-1]["sha256"] == fingerprint(document):
            continue
        number = max((entry["id"] for known in lock.values() for entry in known), default=0) + 1
        entries.append({"version": len(entries) + 1, "id": number, "sha256": fingerprint(document)})
        target = path_of(record, len(entries))
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(document, indent=1) + "\n")
        done.append(f"{record} {len(entries)}")
    LOCK.write_text(json.dumps(lock, indent=1) + "\n")
    return done


def _lock() -> dict[str, list[dict[str, Any]]]:
    return json.loads(LOCK.read_text()) if LOCK.exists() else {}


def _load(record: str, entry: dict[str, Any]) -> Released:
    document = json.loads(path_of(record, entry["version"]).read_text())
    if fingerprint(document) != entry["sha256"]:
        raise ValueError(f"{path_of(record, entry['version'])} was changed after its release")
    return Released(record, entry["version"], entry["id"], document, fastavro.parse_schema(document))


if __name__ == "__main__":
    print("\n".join(release()) or "nothing to release", file=sys.stderr)
