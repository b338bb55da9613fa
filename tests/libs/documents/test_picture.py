"""What is let in as a picture, and what is refused with a reason."""

import struct
import zlib
from contextlib import suppress
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from libs.blobs.port import MAX_BYTES
from libs.documents.picture import decode
from libs.documents.reading import NoPicture

PAGE = b"<html><script>alert(1)</script></html>"


def picture(format: str = "PNG", size: tuple[int, int] = (120, 80), **options: object) -> bytes:
    """A small picture, white at its top and black below."""
    image = Image.new("L", size, 255)
    image.paste(0, (0, size[1] // 2, *size))
    out = BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def chunk(kind: bytes, content: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width: int, height: int, *more: bytes) -> bytes:
    """A PNG that says a size and holds nothing."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(more) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def comment(data: bytes, marker: int, content: bytes) -> bytes:
    """A JPEG with a segment more."""
    return data[:2] + bytes((0xFF, marker)) + struct.pack(">H", len(content) + 2) + content + data[2:]


def animated() -> bytes:
    """A PNG of two frames."""
    frames = [Image.new("L", (100, 100), shade) for shade in (0, 255)]
    out = BytesIO()
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:])
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the file is empty"),
        (b"\0" * (MAX_BYTES + 1), "10,000,001 bytes are more than 10,000,000"),
        (b"hello", "this is application/octet-stream"),
        (b"GIF89a" + bytes(100), "this is image/gif"),
        (b"%PDF-1.7", "this is application/pdf"),
        (b"\xef\xbb\xbf <svg onload='x()'/>", r"this is image/svg\+xml"),
        (b"<?xml version='1.0'?><svg/>", r"this is image/svg\+xml"),
        (PAGE, "this is text/html"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "this is image/webp"),
        (picture("BMP"), "this is image/bmp"),
        (picture()[:-30], "cannot be decoded"),
        (picture("JPEG", (800, 800))[:600], "cannot be decoded"),
        (picture("JPEG")[:3], "cannot be decoded"),
        (picture() + PAGE, "something else as well"),
        (picture("JPEG") + PAGE, "something else as well"),
        (picture("JPEG") + PAGE + b"\xff\xd9", "something else as well"),
        (comment(picture("JPEG"), 0xFE, PAGE), "something else as well"),
        (comment(picture("JPEG"), 0xEC, b"x<SVG onload=1>"), "something else as well"),
        (png(100, 100, chunk(b"tEXt", b"Comment\0" + PAGE)), "something else as well"),
        (png(9_000, 9_000), "9000 × 9000 pixels are more than 50,000,000"),
        (png(15_000, 15_000), "cannot be decoded"),
        (png(100_000, 100), "or a side more than 16,000"),
        (png(2**31 - 1, 2**31 - 1), "PNG"),
        (picture(size=(100, 30)), "too few"),
        (png(100, 100, chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(80_000_000)))), "cannot be decoded"),
        (animated(), "animated"),
        (picture("JPEG").replace(b"\xff\xda", b"\xff\xda" * 70), "more than 60 scans"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_refused(data: bytes, reason: str) -> None:
    with pytest.raises(NoPicture, match=reason):
        decode(data)


@pytest.mark.parametrize(
    "data",
    [picture(), picture("JPEG"), picture("JPEG", quality=30, progressive=True), picture("PNG", optimize=True)],
    ids=["PNG", "JPEG", "progressive", "optimised"],
)
def test_taken(data: bytes) -> None:
    grey = decode(data)
    assert grey.shape == (80, 120)
    assert grey[:35].min() > 240
    assert grey[45:].max() < 15


@pytest.mark.parametrize(("mode", "shade"), [("RGB", 100), ("RGBA", 100), ("P", 100), ("1", 255), ("I;16", 25_700)])
def test_kinds_of_pixels(mode: str, shade: int) -> None:
    out = BytesIO()
    (
        Image.fromarray(np.full((80, 80), shade, np.uint16))
        if mode == "I;16"
        else Image.new("L", (80, 80), shade).convert(mode)
    ).save(out, "PNG")
    assert abs(int(decode(out.getvalue()).mean()) - min(shade, 255 if mode == "1" else 100)) <= 2


def test_what_cannot_be_seen_is_white() -> None:
    out = BytesIO()
    Image.new("RGBA", (80, 80), (0, 0, 0, 0)).save(out, "PNG")
    assert decode(out.getvalue()).min() == 255


def test_a_picture_is_turned_as_its_exif_says() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert decode(picture("JPEG", exif=exif.tobytes())).shape == (120, 80)


@pytest.mark.parametrize(
    "content", [b"Exif\0\0MM\0*\xff\xff\xff\xff", b"Exif\0\0" + bytes(60), b"Exif\0\0II*\0\x08\0\0\0\xff\xff"]
)
def test_a_broken_exif_says_nothing(content: bytes) -> None:
    assert decode(comment(picture("JPEG"), 0xE1, content)).shape == (80, 120)


@given(
    st.sampled_from(["PNG", "JPEG"]),
    st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), max_size=8),
    st.floats(0.1, 1),
)
def test_any_file_is_a_picture_or_refused(format: str, changes: list[tuple[float, int]], share: float) -> None:
    data = bytearray(picture(format))
    for at, byte in changes:
        data[int(at * len(data))] = byte
    with suppress(NoPicture):
        assert decode(bytes(data[: int(share * len(data))])).ndim == 2
