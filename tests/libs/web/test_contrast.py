"""The colours of the stylesheet can be read: WCAG 2.2 AA, in light and in dark."""

import re
from itertools import product

import pytest

from libs.web.assets import FOLDER

TEXT, SHAPE = 4.5, 3.0  # least contrast of words, and of edges of what is used
TONES = ("good", "bad", "open", "news", "plain")
PAIRS = [
    *((ink, ground, TEXT) for ink, ground in product(("ink", "soft", "accent"), ("ground", "surface", "sunken"))),
    *((tone, f"{tone}-ground", TEXT) for tone in TONES),
    *(("bad", ground, TEXT) for ground in ("surface", "ground")),
    *(("on-accent", ground, TEXT) for ground in ("accent", "accent-hover")),
    *(("surface", ground, TEXT) for ground in ("danger", "danger-hover")),
    *((ink, "bar", TEXT) for ink in ("on-bar", "on-bar-soft")),
    *((edge, "surface", SHAPE) for edge in ("edge", "focus")),
    ("focus", "ground", SHAPE),
]


def schemes() -> dict[str, dict[str, str]]:
    """The colours by name; dark ones stand in place of the light."""
    css = (FOLDER / "vetstream.css").read_text()
    light, dark = (dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", part)) for part in _blocks(css))
    return {"light": light, "dark": {**light, **dark}}


def _blocks(css: str) -> list[str]:
    return re.findall(r":root \{(.*?)\}", css, re.DOTALL)[:2]


def contrast(one: str, other: str) -> float:
    """The ratio of two colours' relative luminance, 1 to 21 (WCAG 2.2)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_and_edges_stand_out(scheme: str) -> None:
    colours = schemes()[scheme]
    weak = {
        f"{ink} on {ground}": round(contrast(colours[ink], colours[ground]), 2)
        for ink, ground, least in PAIRS
        if contrast(colours[ink], colours[ground]) < least
    }
    assert weak == {}


def test_every_colour_is_used_by_its_name() -> None:
    css = (FOLDER / "vetstream.css").read_text()
    after = css.split("/* Ground */")[1]
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b", after) == []
