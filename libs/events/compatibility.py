"""Every version of a schema against every other: `python -m libs.events.compatibility` (development only).

Events and reference data outlive their writer and are read by older services and by newer ones: each version reads
all others (FULL_TRANSITIVE). A command has one reader, which is deployed first: each version reads all that came
before it (BACKWARD_TRANSITIVE).
"""

import json
import sys
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any, NamedTuple

import avro.schema
from avro.compatibility import ReaderWriterCompatibilityChecker, SchemaCompatibilityType

from libs.events.catalogue import fingerprint, is_full, schema
from libs.events.released import published_records, versions


class Version(NamedTuple):
    """A schema as it was at one time; the working one is the newest."""

    label: str
    document: dict[str, Any]


def problems() -> list[str]:
    """What is wrong with any published record, over all its released versions and the working one."""
    return [problem for record in published_records() for problem in between(history(record), full=is_full(record))]


def history(record: str) -> list[Version]:
    """The versions of a record, oldest first."""
    released = [Version(f"version {one.version}", one.document) for one in versions(record)]
    working = schema(record)
    unchanged = released and fingerprint(released[-1].document) == fingerprint(working)
    return released if unchanged else [*released, Version("working version", working)]


def between(versions: Sequence[Version], *, full: bool) -> list[str]:
    """What one of these versions, oldest first, cannot read of another."""
    found: list[str] = []
    for older, newer in combinations(versions, 2):
        found += unreadable(reader=newer, writer=older) + lost_symbols(older, newer)
        if full:
            found += unreadable(reader=older, writer=newer)
    return found


def unreadable(reader: Version, writer: Version) -> list[str]:
    """Why data of the writer's version cannot be read by the reader's; empty where it can."""
    checker = ReaderWriterCompatibilityChecker()  # type: ignore[no-untyped-call]
    result = checker.get_compatibility(_parsed(reader), _parsed(writer))
    reasons = [] if result.compatibility is SchemaCompatibilityType.compatible else [_reason(result)]
    reasons += _other_meanings(reader.document, writer.document)
    return [f"{_name(reader)}: the {reader.label} cannot read the {writer.label}: {reason}" for reason in reasons]


def lost_symbols(older: Version, newer: Version) -> list[str]:
    """An enum's default is for symbols that a reader does not know yet; a HIT that was written stays a HIT."""
    kept = dict(_enums(newer.document))
    lost = {enum: sorted(symbols - kept.get(enum, symbols)) for enum, symbols in _enums(older.document)}
    return [
        f"{_name(newer)}: the {newer.label} takes {', '.join(symbols)} out of {enum}, which the {older.label} has"
        for enum, symbols in lost.items()
        if symbols
    ]


def _enums(node: Any) -> Iterator[tuple[str, set[str]]]:
    """Each enum that a schema defines, with its symbols."""
    if isinstance(node, dict) and "symbols" in node:
        yield node["name"], set(node["symbols"])
    for part in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _enums(part)


def _name(version: Version) -> str:
    return f"{version.document['namespace']}.{version.document['name']}"


def _parsed(version: Version) -> Any:
    return avro.schema.parse(json.dumps(version.document))


def _reason(result: Any) -> str:
    what = ", ".join(dict.fromkeys(one.value.replace("_", " ") for one in result.incompatibilities))
    return f"{what}: {'; '.join(sorted(result.messages))} at {', '.join(sorted(result.locations))}"


def _other_meanings(reader: Any, writer: Any) -> list[str]:
    """Avro's rules look at the bytes only: milliseconds would be read as microseconds, and nobody would notice."""
    then, now = dict(_logical_types(writer)), dict(_logical_types(reader))
    changed = [path for path in then.keys() & now.keys() if then[path] != now[path]]
    return [f"logical type {then[path]} became {now[path]} at {path}" for path in sorted(changed)]


def _logical_types(node: Any, path: str = "") -> Iterator[tuple[str, str | None]]:
    """The logical type of each plain type, by the names that lead to it."""
    if isinstance(node, list):
        for branch in node:
            yield from _logical_types(branch, path)
    elif isinstance(node, str):
        if node != "null":
            yield path, None
    elif "fields" in node:
        for field in node["fields"]:
            yield from _logical_types(field["type"], f"{path}/{field['name']}")
    elif node["type"] in ("array", "map"):
        yield from _logical_types(node.get("items", node.get("values")), f"{path}/[]")
    else:
        yield path, node.get("logicalType")


if __name__ == "__main__":
    print("\n".join(found := problems()) or "all versions are compatible", file=sys.stderr)
    sys.exit(bool(found))
