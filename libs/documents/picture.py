"""A document's picture, decoded from bytes that nobody vouches for; what is no harmless JPEG or PNG is refused.

Decoding takes memory in proportion to the pixels, so that their number is looked at first.
"""

import warnings
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from libs.blobs.harmless import checked
from libs.blobs.media import JPEG, PNG, sniffed
from libs.blobs.port import MAX_BYTES, Refused
from libs.documents.reading import NoPicture

Grey = NDArray[np.uint8]

MAX_PIXELS = 50_000_000
MIN_SIDE, MAX_SIDE = 60, 16_000
FORMATS = {JPEG: "JPEG", PNG: "PNG"}


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
    kind = sniffed(data)
    if 0 < len(data) <= MAX_BYTES and kind not in FORMATS:
        raise NoPicture(f"a picture is a JPEG or a PNG; this is {kind}")
    try:
        return checked(data)
    except Refused as refused:
        raise NoPicture(str(refused)) from None


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
