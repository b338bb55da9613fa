"""The command that keeps pictures."""

import json
from pathlib import Path

import pytest

from libs.blobs.__main__ import put


def test_put(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture, page = tmp_path / "a.png", tmp_path / "b.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\nand more")
    page.write_bytes(b"<html>")
    assert put([picture, page], tmp_path / "blobs") == 1
    printed = capsys.readouterr()
    kept = json.loads(printed.out)
    assert (kept["mediaType"], kept["size"]) == ("image/png", 16)
    assert (tmp_path / "blobs" / kept["sha256"][:2] / kept["sha256"]).read_bytes() == picture.read_bytes()
    assert printed.err == f"{page}: text/html is none of application/pdf, image/jpeg, image/png\n"
