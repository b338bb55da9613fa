"""Pictures of made-up documents: drawn, laid on a table, tilted, blurred, made noisy; the same for the same seed."""

import random
import string
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Grey = NDArray[np.uint8]

FONT = Path(__file__).parent / "fonts" / "OCRB.otf"
# Inches of the documents: a card, a TD2, a page of a passport or of visas.
SIZES = {"TD1": (3.37, 2.13), "TD2": (4.13, 2.91), "TD3": (4.92, 3.46), "MRV-A": (4.72, 3.15), "MRV-B": (4.13, 2.91)}
# Inches from one character of the zone to the next, and from line to line.
PITCH, LEADING = 0.1, 0.25
STATES = ("AUS", "D", "FRA", "GBR", "IND", "JPN", "NLD", "NZL", "POL", "SGP", "SWE", "USA", "VNM")
GIVEN = ("Anna Maria", "Jörg", "Oluwaseun", "Zoë", "Kwame", "Bao Ngoc", "Sanne", "Hiroshi", "Quentin", "Xiomara Eva")
FAMILIES = (
    "Eriksson",
    "Müller",
    "O'Brien",
    "van der Berg",
    "Nguyễn",
    "Yılmaz",
    "Wójcik",
    "Quist",
    "Okonkwo",
    "Fitzgerald",
)


@dataclass(frozen=True)
class Conditions:
    """How a picture was taken; degrees, and for the rest 0 is best."""

    tilt: float = 0
    turned: int = 0
    perspective: float = 0
    noise: float = 0
    blur: float = 0
    shade: float = 0
    dpi: int = 200
    quality: int = 92
    media: str = "JPEG"


CLEAN = Conditions()


def said(random: random.Random, format: str) -> dict[str, Any]:
    """What a made-up document says, as `make_mrz` is told."""
    birth, expiry = _day(random, 1940, 2007), _day(random, 2027, 2036)
    return {
        "format": format,
        "issuer": random.choice(STATES),
        "nationality": random.choice(STATES),
        "number": "".join(random.choices(string.ascii_uppercase + 2 * string.digits, k=9)),
        "familyName": random.choice(FAMILIES),
        "givenNames": random.choice(GIVEN),
        "birth": birth,
        "expiry": expiry,
        "sex": random.choice("MF<"),
        "optional": random.choice(("", "", "".join(random.choices(string.digits, k=6)))),
    }


def _day(random: random.Random, first: int, last: int) -> str:
    return f"{random.randint(first, last)}-{random.randint(1, 12):02}-{random.randint(1, 28):02}"


def drawn(random: random.Random, mrz: str, format: str, dpi: int, font: Path = FONT) -> Grey:
    """A document with its zone at the bottom, a portrait and some print above."""
    width, height = (round(side * dpi) for side in SIZES[format])
    image = Image.new("L", (width, height), random.randint(205, 250))
    draw = ImageDraw.Draw(image)
    for _ in range(60):  # the guilloche
        at = random.uniform(0, height)
        draw.line([(x, at + 6 * np.sin(x / 25 + at)) for x in range(0, width, 4)], fill=random.randint(190, 235))
    draw.rectangle((0.06 * width, 0.2 * height, 0.3 * width, 0.62 * height), fill=random.randint(90, 170))
    small = ImageFont.truetype(font, round(0.085 * dpi))
    for row, label in enumerate(("Surname", "Given names", "Nationality", "Date of birth", "Authority")):
        text = label + "  " + "".join(random.choices(string.ascii_uppercase + " ", k=random.randint(6, 16)))
        draw.text((0.36 * width, (0.1 + 0.1 * row) * height), text, font=small, fill=40)
    print_zone(draw, mrz.split("\n"), width, height, dpi, font, random.randint(5, 60))
    return np.asarray(image)


def print_zone(
    draw: ImageDraw.ImageDraw, lines: Sequence[str], width: int, height: int, dpi: int, font: Path, ink: int
) -> None:
    """The lines of a zone at the bottom, each character in its place."""
    letters = ImageFont.truetype(font, round(0.138 * dpi))
    left = (width - len(lines[0]) * PITCH * dpi) / 2
    top = height - (len(lines) * LEADING + 0.08) * dpi
    for row, line in enumerate(lines):
        for at, letter in enumerate(line):
            draw.text((left + at * PITCH * dpi, top + row * LEADING * dpi), letter, font=letters, fill=ink)


def photographed(document: Grey, how: Conditions, seed: int) -> bytes:
    """The file of a picture taken of a document that lies on a table."""
    rng = np.random.default_rng(seed)
    height, width = document.shape
    margin = round(0.12 * max(width, height))
    size = (width + 2 * margin, height + 2 * margin)
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), how.tilt, 1)
    placed = cv2.transform(corners[None], turn)[0] + margin
    placed += (rng.uniform(-1, 1, placed.shape) * how.perspective * width).astype(np.float32)
    to_picture = cv2.getPerspectiveTransform(corners, placed.astype(np.float32))
    table = np.full((size[1], size[0]), int(rng.integers(60, 200)), np.uint8)
    picture = np.asarray(
        cv2.warpPerspective(document, to_picture, size, dst=table, borderMode=cv2.BORDER_TRANSPARENT), np.float32
    )
    if how.blur:
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), how.blur), np.float32)
    shade = 1 - how.shade * np.linspace(0, 1, size[0], dtype=np.float32)[None, :]
    noisy = picture * shade + how.noise * rng.standard_normal(picture.shape)
    return saved(np.rot90(np.asarray(noisy.clip(0, 255), np.uint8), how.turned // 90), how)


def saved(grey: Grey, how: Conditions = CLEAN) -> bytes:
    """The file of a picture."""
    out = BytesIO()
    Image.fromarray(np.ascontiguousarray(grey)).save(
        out, how.media, **({"quality": how.quality} if how.media == "JPEG" else {})
    )
    return out.getvalue()
