"""A document's picture, decoded from bytes that nobody vouches for; what is no harmless JPEG or PNG is refused.

Decoding takes memory in proportion to the pixels, so that their number is looked at first.
"""

import re
import warnings
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from libs.blobs.media import JPEG, PNG, sniffed
from libs.blobs.port import MAX_BYTES
from services.idv.outside import jpeg_outside, png_outside
from services.idv.reading import NoPicture

Grey = NDArray[np.uint8]

MAX_PIXELS = 50_000_000
MIN_SIDE, MAX_SIDE = 60, 16_000
# A progressive JPEG is decoded once for each of its scans; cameras write ten or so.
MAX_SCANS = 60
FORMATS = {JPEG: "JPEG", PNG: "PNG"}
OUTSIDE = {JPEG: jpeg_outside, PNG: png_outside}
MARKUP = re.compile(rb"<(!doctype|html|svg|script|iframe|body|\?php)[\s>/]|%PDF-", re.IGNORECASE)


def decode(data: bytes) -> Grey:
    """The picture in grey, upright as its EXIF says; shape (height, width). Raises NoPicture."""
    kind = _checked(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what is odd but can be read; the sizes are looked at here
            with Image.open(BytesIO(data), formats=[FORMATS[kind]]) as image:
                _measured(image)
                image.load()
                return np.ascontiguousarray(_grey(_upright(image)))
    except NoPicture:
        raise
    except Exception as problem:  # a decoder fails in as many ways as there are broken files
        raise NoPicture(f"the {FORMATS[kind]} cannot be decoded: {problem}") from None


def _checked(data: bytes) -> str:
    """The media type, as far as it can be told without decoding."""
    if not data:
        raise NoPicture("the file is empty")
    if len(data) > MAX_BYTES:
        raise NoPicture(f"{len(data):,} bytes are more than {MAX_BYTES:,}")
    kind = sniffed(data)
    if kind not in FORMATS:
        raise NoPicture(f"a picture is a JPEG or a PNG; this is {kind}")
    for part in OUTSIDE[kind](data):
        if found := MARKUP.search(part):
            raise NoPicture(f"the {FORMATS[kind]} is something else as well: it carries {found[0][:12]!r}")
    if kind == JPEG and data.count(b"\xff\xda") > MAX_SCANS:
        raise NoPicture(f"a JPEG of more than {MAX_SCANS} scans")
    return kind


def _measured(image: Image.Image) -> None:
    width, height = image.size
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise NoPicture(f"{width} × {height} pixels are more than {MAX_PIXELS:,}, or a side more than {MAX_SIDE:,}")
    if min(width, height) < MIN_SIDE:
        raise NoPicture(f"{width} × {height} pixels are too few to read anything")
    # A phone's JPEG may carry a second picture behind the first, which is not looked at.
    if image.format == "PNG" and getattr(image, "n_frames", 1) > 1:
        raise NoPicture("an animated PNG is not one picture")


def _upright(image: Image.Image) -> Image.Image:
    """Turned as EXIF says; a broken EXIF says nothing."""
    try:
        return ImageOps.exif_transpose(image)
    except Exception:
        return image


def _grey(image: Image.Image) -> Grey:
    if image.mode.startswith("I"):
        return (np.asarray(image, dtype=np.int32) >> 8).clip(0, 255).astype(np.uint8)
    if image.has_transparency_data:
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image.convert("RGBA"))
    return np.asarray(image.convert("L"))
