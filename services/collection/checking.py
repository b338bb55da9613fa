"""A picture as it was sent, decoded and judged: too dark, too blurred, too small; and made anew, without metadata.

Runs in a process of its own. Decoding takes memory in proportion to the pixels: their number is looked at first.
"""

import warnings
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from libs.blobs.harmless import checked
from libs.blobs.media import JPEG, PNG, sniffed
from libs.blobs.port import Refused
from services.collection.policy import Quality

Pixels = NDArray[np.uint8]

FORMATS = {JPEG: "JPEG", PNG: "PNG"}
MAX_PIXELS, MAX_SIDE = 50_000_000, 16_000
# Pixels of the longer side: of the picture as it is kept, and as it is measured, in the browser too.
KEPT_SIDE, MEASURED_SIDE = 3200, 1000
QUALITY = 88


@dataclass(frozen=True, slots=True)
class Asked:
    """The file of a picture, and how good it must be."""

    file: str
    quality: Quality


@dataclass(frozen=True, slots=True)
class Checked:
    """A picture made anew as a JPEG, with what was measured; or, with no data, the code of why it was refused."""

    problem: str = ""
    data: bytes = b""
    width: int = 0
    height: int = 0
    brightness: float | None = None
    sharpness: float | None = None


def check(asked: Asked) -> Checked:
    """Whether a picture will do, and what of it is kept."""
    with Path(asked.file).open("rb") as file:
        data = file.read(asked.quality.bytes + 1)
    if problem := _problem_of_file(data, asked.quality):
        return Checked(problem)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what is odd but can be read; the sizes are looked at here
            with Image.open(BytesIO(data), formats=list(FORMATS.values())) as image:
                if problem := _problem_of_size(image, asked.quality):
                    return Checked(problem, width=image.width, height=image.height)
                return _judged(_made_anew(image), asked.quality)
    except Image.DecompressionBombError:
        return Checked("too_many_pixels")
    except Exception:  # a decoder fails in as many ways as there are broken files
        return Checked("broken")


def measures(picture: Pixels) -> tuple[float, float]:
    """Brightness and sharpness: the mean of the grey values, and the variance of their Laplacian."""
    grey = cv2.cvtColor(_shrunk(picture, MEASURED_SIDE), cv2.COLOR_RGB2GRAY)
    return float(grey.mean()), float(cv2.Laplacian(grey, cv2.CV_64F).var())


def _problem_of_file(data: bytes, quality: Quality) -> str:
    if not data:
        return "empty"
    if len(data) > quality.bytes:
        return "too_large"
    if sniffed(data) not in FORMATS:
        return "no_picture"
    try:
        checked(data)
    except Refused:
        return "not_only_a_picture"
    return ""


def _problem_of_size(image: Image.Image, quality: Quality) -> str:
    if image.width * image.height > MAX_PIXELS or max(image.size) > MAX_SIDE:
        return "too_many_pixels"
    if min(image.size) < quality.side:
        return "too_small"
    return "no_picture" if image.format == "PNG" and getattr(image, "n_frames", 1) > 1 else ""


def _made_anew(image: Image.Image) -> Pixels:
    """The pixels alone: upright, on white paper, no larger than what is kept."""
    image.draft("RGB", (KEPT_SIDE, KEPT_SIDE))
    image.load()
    with suppress(Exception):  # a broken EXIF says nothing
        ImageOps.exif_transpose(image, in_place=True)
    if image.has_transparency_data:
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image.convert("RGBA"))
    return _shrunk(np.asarray(image if image.mode == "RGB" else image.convert("RGB")), KEPT_SIDE)


def _shrunk(picture: Pixels, side: int) -> Pixels:
    """The picture with a longer side of so many pixels at most."""
    factor = side / max(picture.shape[:2])
    if factor >= 1:
        return picture
    return np.asarray(cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), np.uint8)


def _judged(picture: Pixels, quality: Quality) -> Checked:
    brightness, sharpness = measures(picture)
    problem = (
        "too_dark"
        if brightness < quality.darkest
        else "too_bright"
        if brightness > quality.brightest
        else "blurred"
        if sharpness < quality.sharpness
        else ""
    )
    out = BytesIO()
    if not problem:
        Image.fromarray(picture).save(out, "JPEG", quality=QUALITY)
    height, width = picture.shape[:2]
    return Checked(problem, out.getvalue(), width, height, round(brightness, 1), round(sharpness, 1))
