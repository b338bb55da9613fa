"""Make the snapshot of the list that ships with the service: the same input gives the same bytes."""

import argparse
import csv
import gzip
import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from services.aml.ofac import persons

# SDN.CSV ends in the end-of-file sign of DOS.
END_OF_FILE = "\x1a"


def snapshot(facts: Iterable[Mapping[str, Any]]) -> bytes:
    """Entries as JSON lines, compressed, without the time of writing."""
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", compresslevel=9, mtime=0, filename="") as file:
        for entry in facts:
            stated = {name: value for name, value in entry.items() if value}
            file.write(json.dumps(stated, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
    return buffer.getvalue()


def _rows(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8").rstrip(END_OF_FILE), newline="")))


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the snapshot and, beside it, the manifest that `publish` reads."""
    parser = argparse.ArgumentParser(prog="python -m services.aml.snapshot", description=__doc__)
    parser.add_argument("--sdn", type=Path, required=True, help="SDN.CSV")
    parser.add_argument("--alt", type=Path, required=True, help="ALT.CSV, with a header")
    parser.add_argument("--version", required=True, help="date of the list, e.g. 2024-07-02")
    parser.add_argument("--out", type=Path, required=True, help="file to write, .jsonl.gz")
    given = parser.parse_args(arguments)
    entries = list(persons(_rows(given.sdn), _rows(given.alt)[1:]))
    content = snapshot(entries)
    given.out.write_bytes(content)
    manifest = {
        "id": "ofac-sdn",
        "version": given.version,
        "sha256": hashlib.sha256(content).hexdigest(),
        "entries": len(entries),
    }
    given.out.with_name(given.out.name.removesuffix(".jsonl.gz") + ".json").write_text(json.dumps(manifest) + "\n")
    print(json.dumps({**manifest, "bytes": len(content)}))


if __name__ == "__main__":
    main()
