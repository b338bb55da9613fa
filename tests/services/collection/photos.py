"""Photos as applicants send them."""

import random
from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from libs.documents.making import make_mrz
from tests.libs.documents import pictures

SAID = {
    "format": "TD3",
    "issuer": "AUS",
    "nationality": "AUS",
    "number": "N1234567",
    "familyName": "Whitaker",
    "givenNames": "Sarah Jane",
    "birth": "1984-03-09",
    "expiry": "2031-05-20",
    "sex": "F",
}


def passport(seed: int = 1) -> bytes:
    """The page of Sarah Jane Whitaker's passport, on a table."""
    drawn = pictures.drawn(random.Random(seed), make_mrz(**SAID), "TD3", 260)
    return pictures.photographed(drawn, pictures.CLEAN, seed)


def selfie(seed: int = 1) -> bytes:
    """Something like a face."""
    image = Image.new("RGB", (900, 1200), (168, 184, 192))
    draw = ImageDraw.Draw(image)
    draw.ellipse((200, 760, 700, 1500), fill=(52, 78, 96))
    draw.ellipse((270, 260, 630, 800), fill=(214, 170, 142))
    draw.pieslice((250, 200, 650, 700), 180, 360, fill=(74, 52, 40))
    for x in (370, 530):
        draw.ellipse((x - 28, 500, x + 28, 530), fill=(250, 250, 250))
        draw.ellipse((x - 12, 502, x + 12, 528), fill=(40, 60, 60))
    draw.arc((380, 600, 520, 700), 20, 160, fill=(150, 70, 70), width=9)
    grain = np.random.default_rng(seed).normal(0, 6, (1200, 900, 3))
    return saved(Image.fromarray((np.asarray(image) + grain).clip(0, 255).astype(np.uint8)))


def dark() -> bytes:
    """The passport with the lights off."""
    return saved(Image.open(BytesIO(passport())).point(lambda value: value // 12))


def blurred() -> bytes:
    """The passport, moved."""
    return saved(Image.open(BytesIO(passport())).filter(ImageFilter.GaussianBlur(12)))


def saved(image: Image.Image, format: str = "JPEG", **options: object) -> bytes:
    """The file of a picture."""
    out = BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def large_passport() -> bytes:
    """The passport as a good camera takes it: some megabytes."""
    image = Image.open(BytesIO(passport())).convert("RGB").resize((3200, 2400))
    grain = np.random.default_rng(3).normal(0, 9, (2400, 3200, 3))
    return saved(Image.fromarray((np.asarray(image) + grain).clip(0, 255).astype(np.uint8)), quality=90)


def small() -> bytes:
    """A copy of the passport for a preview."""
    return saved(Image.open(BytesIO(passport())).resize((400, 280)))
