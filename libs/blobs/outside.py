"""What a picture's file holds besides its picture: comments, metadata, whatever follows its end."""

import struct
from collections.abc import Iterator

PNG_PICTURE = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS"})
JPEG_END, JPEG_SCAN = b"\xff\xd9", 0xDA
# Markers that stand alone; every other one is followed by its length.
JPEG_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})


def png_outside(data: bytes) -> Iterator[bytes]:
    """The contents of a PNG's further chunks, and what follows its last one."""
    at = 8
    while at + 8 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        kind, content = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        at += 12 + length
        if kind not in PNG_PICTURE:
            yield content
        if kind == b"IEND":
            break
    yield data[at:]


def jpeg_outside(data: bytes) -> Iterator[bytes]:
    """The contents of a JPEG's application and comment segments before its first scan, and what follows its end."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != JPEG_SCAN:
        marker = data[at + 1]
        if marker in JPEG_ALONE or marker == 0xFF:
            at += 1 if marker == 0xFF else 2
            continue
        (length,) = struct.unpack_from(">H", data, at + 2)
        if marker >= 0xE0:
            yield data[at + 4 : at + 2 + length]
        at += 2 + length
    end = data.find(JPEG_END, at)
    yield data[end + 2 :] if end >= 0 else b""
