"""What bytes are, whatever they are called."""

import pytest

from libs.blobs.media import sniffed


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\0\0\0\x18ftypheic", "image/heic"),
        (b"\0\0\0\x18ftypavif", "image/avif"),
        (b"PK\x03\x04", "application/zip"),
        (b"  <!DOCTYPE html>", "text/html"),
        (b"<?xml version='1.0'?>\n<SVG>", "image/svg+xml"),
        (b"", "application/octet-stream"),
    ],
)
def test_sniffed(data: bytes, kind: str) -> None:
    assert sniffed(data) == kind
