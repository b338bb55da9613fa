"""Watchlists from files, told apart by what is in them."""

import csv
import gzip
import hashlib
import io
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal, TypeAlias, cast

import orjson

from libs.screening.watchlist import Watchlist, WatchlistRefused, entry, read
from services.aml import eu, ftm, ofac, rows, uk, un, xlsx
from services.aml.facts import PERSON, tidy
from services.aml.publish import DATA, SNAPSHOT, published
from services.aml.xml import Broken

Kind: TypeAlias = Literal["snapshot", "ftm", "delta", "un", "eu", "uk", "uk-csv", "ofsi", "dfat", "sdn", "alt", "add"]

GZIP = b"\x1f\x8b"
HEAD = 65_536
# What a compressed list may be unpacked, in bytes.
MOST_BYTES = 8_000_000_000
# SDN.CSV ends in the end-of-file sign of DOS.
END_OF_FILE = "\x1a"
ALT_COLUMNS, ADD_COLUMNS = 5, 6
NAMES = {
    "un": ("un-sc", "UN Security Council"),
    "sdn": ("ofac-sdn", "OFAC SDN"),
    "eu": ("eu-fsf", "EU Financial Sanctions"),
    "uk": ("uk-sl", "UK Sanctions List"),
    "uk-csv": ("uk-sl", "UK Sanctions List"),
    "ofsi": ("uk-ofsi", "UK OFSI Consolidated List"),
    "dfat": ("au-dfat", "Australia DFAT Consolidated List"),
}
XML: dict[str, Callable[[IO[bytes]], Iterator[dict[str, Any]]]] = {
    "un": un.persons, "eu": eu.entries, "uk": uk.entries,
}  # fmt: skip
BESIDE = frozenset({"alt", "add", "delta"})
KNOWN = (
    "OFAC's SDN.CSV, ALT.CSV and ADD.CSV, the XML of the UN, the EU and the UK, the CSV of the UK and OFSI, Australia's"
    " CSV and XLSX, FollowTheMoney and its deltas, and a snapshot (.jsonl.gz)"
)


class NoList(ValueError):
    """A file that is no watchlist; the text names it."""


@dataclass(frozen=True, slots=True)
class File:
    """A file and what it is."""

    path: Path
    kind: Kind

    def opened(self) -> IO[bytes]:
        return _opened(self.path)

    def rows(self) -> Generator[list[str], None, None]:
        """Its cells, of CSV or of XLSX; raises Broken."""
        with self.opened() as file:
            if file.read(len(xlsx.BEGINNING)) == xlsx.BEGINNING:
                file.seek(0)
                yield from xlsx.rows(file)
                return
            file.seek(0)
            yield from _csv_rows(file)


class _Bounded(io.RawIOBase):
    """A compressed file that refuses to grow without end."""

    def __init__(self, path: Path) -> None:
        self._file = gzip.GzipFile(path, "rb")
        self._left = MOST_BYTES

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def readinto(self, buffer: Any) -> int:
        taken = self._file.readinto(buffer)
        self._left -= taken
        if self._left < 0:
            raise Broken(f"unpacked it has more than {MOST_BYTES:,} bytes")
        return taken

    def close(self) -> None:
        self._file.close()
        super().close()


def shipped() -> Watchlist:
    """The list that comes with the service."""
    announced = published()
    content = (DATA / f"{SNAPSHOT}.jsonl.gz").read_bytes()
    return read(content, announced.id, announced.version, announced.sha256)


def load(paths: Sequence[Path]) -> list[Watchlist]:
    """The lists in these files, and in those of these folders; OFAC's ALT.CSV and ADD.CSV go with its SDN.CSV, a delta
    with the one list in FollowTheMoney. Raises NoList."""
    files = [recognised(path) for path in paths if not path.is_dir()]
    for folder in (path for path in paths if path.is_dir()):
        for path in sorted(one for one in folder.rglob("*") if one.is_file()):
            try:
                files.append(recognised(path))
            except NoList:
                continue  # beside the lists of a folder lie other files
    lists = [file for file in files if file.kind not in BESIDE]
    if not lists:
        raise NoList(f"{', '.join(map(str, paths))}: no watchlist is there")
    deltas = [file for file in files if file.kind == "delta"]
    if deltas and [file.kind for file in lists].count("ftm") != 1:
        raise NoList(f"{deltas[0].path}: a delta needs one list in FollowTheMoney beside it")
    return [_list(file, [one for one in files if one.kind in BESIDE]) for file in lists]


def recognised(path: Path) -> File:
    """What a file is; raises NoList."""
    try:
        with _opened(path) as file:
            kind = _kind(file.read(HEAD), compressed=_compressed(path))
        if kind is None:
            with closing(File(path, "dfat").rows()) as cells:
                kind = cast(Kind | None, rows.layout_of(cells))
    except OSError as error:
        raise NoList(f"{path}: {error.strerror or error}") from None
    except (ValueError, EOFError) as error:
        raise NoList(f"{path}: {error}") from None
    if kind is None:
        raise NoList(f"{path}: is none of {KNOWN}")
    return File(path, kind)


def entries(file: File, beside: Sequence[File]) -> Iterator[dict[str, Any]]:
    """What a list says as plain facts, tidied; raises Broken."""
    try:
        yield from tidy(_facts(file, beside))
    except (OSError, EOFError, csv.Error) as error:
        raise Broken(f"{type(error).__name__}: {error}") from None


def _facts(file: File, beside: Sequence[File]) -> Iterable[dict[str, Any]]:
    if file.kind in XML:
        return _closing(file, XML[file.kind])
    if file.kind in rows.LAYOUTS:
        return rows.entries(file.rows(), rows.LAYOUTS[file.kind])
    if file.kind == "ftm":
        return ftm.entries(_after_deltas(file, [one for one in beside if one.kind == "delta"]))
    if file.kind == "sdn":
        aliases, addresses = (
            [row for one in beside if one.kind == kind for row in one.rows()] for kind in ("alt", "add")
        )
        return ofac.with_addresses(ofac.persons(_sdn(file), aliases), addresses)
    return _snapshot(file)


def _snapshot(file: File) -> Iterator[dict[str, Any]]:
    for _, facts in ftm.lines(file.opened, lambda line: isinstance(line, dict) and "name" in line and "schema" in line):
        yield facts


def _closing(file: File, reader: Callable[[IO[bytes]], Iterator[dict[str, Any]]]) -> Iterator[dict[str, Any]]:
    with file.opened() as content:
        yield from reader(content)


def _after_deltas(file: File, deltas: Sequence[File]) -> ftm.Open:
    opened: ftm.Open = file.opened
    for delta in deltas:
        content = b"\n".join(ftm.merged(opened, delta.opened))
        opened = _of(content)
    return opened


def _of(content: bytes) -> ftm.Open:
    return lambda: io.BytesIO(content)


def _sdn(file: File) -> Iterator[list[str]]:
    for number, row in enumerate(file.rows(), 1):
        if row and len(row) != ofac.SDN_COLUMNS:
            raise Broken(f"line {number}: has {len(row)} columns instead of {ofac.SDN_COLUMNS}")
        yield row


def _opened(path: Path) -> IO[bytes]:
    return io.BufferedReader(_Bounded(path)) if _compressed(path) else path.open("rb")


def _compressed(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(GZIP)) == GZIP


def _csv_rows(file: IO[bytes]) -> Iterator[list[str]]:
    text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="")
    try:
        yield from (row for row in csv.reader(text) if row != [END_OF_FILE])
    finally:
        text.detach()


def _kind(head: bytes, *, compressed: bool) -> Kind | None:
    text = head.decode("utf-8-sig", errors="replace").lstrip()
    if text.startswith("<"):
        return _xml_kind(text)
    if text.startswith("{"):
        return _json_kind(head, compressed=compressed)
    first: list[str] = next(csv.reader(io.StringIO(text.splitlines()[0] if text else "")), [])
    names = [name.strip().lower() for name in first]
    if names[:2] == ["ent_num", "alt_num"]:
        return "alt"
    if names[:2] == ["ent_num", "add_num"]:
        return "add"
    if len(names) in (ALT_COLUMNS, ADD_COLUMNS) and all(name.isdecimal() for name in names[:2]):
        return "alt" if len(names) == ALT_COLUMNS else "add"
    return "sdn" if len(first) == ofac.SDN_COLUMNS and first[0].strip().isdecimal() else None


def _xml_kind(text: str) -> Kind | None:
    if f"<{un.ROOT}" in text:
        return "un"
    if eu.NAMESPACE in text:
        return "eu"
    return "uk" if f"<{uk.ROOT}" in text else None


def _json_kind(head: bytes, *, compressed: bool) -> Kind | None:
    """By the first line; one that is longer than what was read begins as an entity does, or is none."""
    line = head.lstrip().splitlines()[0]
    try:
        first = orjson.loads(line)
    except orjson.JSONDecodeError:
        return "ftm" if b'"properties"' in line else None
    if ftm.is_operation(first):
        return "delta"
    if ftm.is_entity(first):
        return "ftm"
    return "snapshot" if compressed and "id" in first and "name" in first else None


def _list(file: File, beside: Sequence[File]) -> Watchlist:
    try:
        if file.kind == "snapshot":
            content = file.path.read_bytes()
            sha256 = hashlib.sha256(content).hexdigest()
            return read(content, file.path.name.removesuffix(".jsonl.gz"), "file", sha256)
        sha256 = _sha256(file.path)
        found = tuple(entry(one, sha256) for one in entries(file, beside) if one["schema"] == PERSON)
    except (WatchlistRefused, ValueError) as error:
        raise NoList(f"{file.path}: {error}") from None
    id, source = NAMES.get(file.kind, (file.path.name.partition(".")[0],) * 2)
    return Watchlist(id, source, "file", sha256, found)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
