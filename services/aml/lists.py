"""Watchlists from files, told apart by what is in them."""

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

from libs.screening.watchlist import Watchlist, WatchlistRefused, entry, read
from services.aml import ofac, un
from services.aml.publish import DATA, SNAPSHOT, published

Kind: TypeAlias = Literal["snapshot", "un", "sdn", "alt", "add"]

GZIP = b"\x1f\x8b"
# SDN.CSV ends in the end-of-file sign of DOS.
END_OF_FILE = "\x1a"
NAMES = {"un": ("un-sc", "UN Security Council"), "sdn": ("ofac-sdn", "OFAC SDN")}


class NoList(ValueError):
    """A file that is no watchlist; the text names it."""


@dataclass(frozen=True, slots=True)
class File:
    """A file and what it is."""

    path: Path
    content: bytes
    kind: Kind

    @property
    def rows(self) -> list[list[str]]:
        text = self.content.decode("utf-8-sig", errors="replace").rstrip(END_OF_FILE)
        return list(csv.reader(io.StringIO(text, newline="")))


def shipped() -> Watchlist:
    """The list that comes with the service."""
    announced = published()
    content = (DATA / f"{SNAPSHOT}.jsonl.gz").read_bytes()
    return read(content, announced.id, announced.version, announced.sha256)


def load(paths: Sequence[Path]) -> list[Watchlist]:
    """The lists in these files, and in those of these folders; OFAC's ALT.CSV goes with its SDN.CSV. Raises NoList."""
    files = [_file(path) for path in paths if not path.is_dir()]
    for folder in (path for path in paths if path.is_dir()):
        for path in sorted(one for one in folder.rglob("*") if one.is_file()):
            try:
                files.append(_file(path))
            except NoList:
                continue  # beside the lists of a folder lie other files
    if not any(file.kind in ("snapshot", "un", "sdn") for file in files):
        raise NoList(f"{', '.join(map(str, paths))}: no watchlist is there")
    aliases = [row for file in files if file.kind == "alt" for row in file.rows[1:]]
    return [_list(file, aliases) for file in files if file.kind in ("snapshot", "un", "sdn")]


def _file(path: Path) -> File:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise NoList(f"{path}: {error.strerror}") from None
    kind = _kind(content)
    if kind is None:
        raise NoList(f"{path}: is none of OFAC's SDN.CSV, ALT.CSV and ADD.CSV, the UN's XML and a snapshot (.jsonl.gz)")
    return File(path, content, kind)


def _kind(content: bytes) -> Kind | None:
    if content.startswith(GZIP):
        return "snapshot"
    head = content[:4096].decode("utf-8-sig", errors="replace").lstrip()
    if f"<{un.ROOT}" in head:
        return "un"
    first: list[str] = next(csv.reader(io.StringIO(head.splitlines()[0] if head else "")), [])
    names = [name.strip().lower() for name in first]
    if names[:2] == ["ent_num", "alt_num"]:
        return "alt"
    if names[:2] == ["ent_num", "add_num"]:
        return "add"
    return "sdn" if len(first) == ofac.SDN_COLUMNS and first[0].strip().isdecimal() else None


def _list(file: File, aliases: Iterable[Sequence[str]]) -> Watchlist:
    sha256 = hashlib.sha256(file.content).hexdigest()
    try:
        if file.kind == "snapshot":
            return read(file.content, file.path.name.removesuffix(".jsonl.gz"), "file", sha256)
        facts = list(_facts(file, aliases))
    except (WatchlistRefused, ValueError) as error:
        raise NoList(f"{file.path}: {error}") from None
    id, source = NAMES[file.kind]
    return Watchlist(id, source, "file", sha256, tuple(entry(one, sha256) for one in facts))


def _facts(file: File, aliases: Iterable[Sequence[str]]) -> Iterator[dict[str, Any]]:
    return un.persons(file.content) if file.kind == "un" else ofac.persons(file.rows, aliases)
