"""Files by content."""

from pathlib import Path

import pytest

from libs.blobs.directory import Directory
from libs.blobs.port import MAX_BYTES, STATEMENTS, NoBlob, Refused

PICTURE = b"\xff\xd8\xff" + b"picture"


def files(folder: Path) -> list[str]:
    """The names of all files in it."""
    return [path.name for path in folder.rglob("*") if path.is_file()]


async def test_a_file_is_kept_once_and_named_by_its_content(tmp_path: Path) -> None:
    blobs = Directory(tmp_path / "blobs")
    kept = await blobs.put(PICTURE)
    assert (kept.mediaType, kept.size, len(kept.sha256)) == ("image/jpeg", 10, 64)
    assert await blobs.put(PICTURE) == kept
    assert await blobs.get(kept.sha256) == PICTURE
    assert files(tmp_path) == [kept.sha256]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"<svg/>", "image/svg"),
        (PICTURE + bytes(MAX_BYTES), "10,000,010 bytes are more"),
    ],
    ids=["empty", "svg", "large"],
)
async def test_what_is_not_kept(tmp_path: Path, data: bytes, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        await Directory(tmp_path).put(data)
    assert files(tmp_path) == []


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "0" * 64])
async def test_what_is_not_there(tmp_path: Path, name: str) -> None:
    with pytest.raises(NoBlob):
        await Directory(tmp_path).get(name)


async def test_a_file_that_was_changed_is_none(tmp_path: Path) -> None:
    blobs = Directory(tmp_path)
    kept = await blobs.put(PICTURE)
    (tmp_path / kept.sha256[:2] / kept.sha256).write_bytes(PICTURE[::-1])
    with pytest.raises(NoBlob, match="is not what it was"):
        await blobs.get(kept.sha256)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b'<?xml version="1.0"?><Document/>', "text/xml"),
        (b"<html xmlns='http://www.w3.org/1999/xhtml'>", "text/html"),
        (b"Date;Amount\r\n2025-01-31;caf\xe9\r\n", "text/plain"),
        (b"\x01{1:F01}{4:\n:20:A\n-}\x03", "text/plain"),
        ("Datum;Betrag".encode("utf-16"), "text/plain"),
    ],
)
async def test_a_statement_is_kept_where_statements_are_asked_for(tmp_path: Path, data: bytes, kind: str) -> None:
    blobs = Directory(tmp_path)
    with pytest.raises(Refused):
        await blobs.put(data)
    kept = await blobs.put(data, STATEMENTS)
    assert kept.mediaType == kind
    assert await blobs.get(kept.sha256) == data


@pytest.mark.parametrize("data", [b"PK\x03\x04", b"MZ\x90\0", b"\x7fELF\2", b"a\0b"])
async def test_what_is_no_text_is_no_statement(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(Refused, match="is none of"):
        await Directory(tmp_path).put(data, STATEMENTS)


async def test_a_file_is_removed(tmp_path: Path) -> None:
    blobs = Directory(tmp_path)
    kept = await blobs.put(PICTURE)
    for _ in range(2):
        await blobs.remove(kept.sha256)
        await blobs.remove("../elsewhere")
    assert files(tmp_path) == []
