"""Text in a picture: how wide it is, and where a long name is broken."""

import re
from unicodedata import east_asian_width

_NARROW = set("iIjl.,:;'|!()[]{}ftr ")
_WIDE = set("mwMW@%")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[ _\-./:])")


def text_width(text: str, size: float) -> float:
    """At most so many pixels, whichever of the common fonts is there."""
    return sum(_width(character) for character in text) * size


def _width(character: str) -> float:
    if east_asian_width(character) in "WF":
        return 1.05
    if character in _NARROW:
        return 0.42
    if character in _WIDE:
        return 0.98
    return 0.74 if character.isupper() else 0.64


def broken(name: str, longest: int, at_most: int = 3) -> list[str]:
    """A name in lines, broken at its spaces and humps; the last line is cut where there is no more room."""
    lines = [""]
    for piece in (part for word in _HUMP.split(name) for part in _chunks(word, longest)):
        if lines[-1] and len(lines[-1].rstrip() + piece.rstrip()) > longest:
            lines.append("")
        lines[-1] += piece
    lines = [line.strip() for line in lines]
    if len(lines) > at_most:
        lines = [*lines[: at_most - 1], f"{lines[at_most - 1][: longest - 1]}…"]
    return lines


def _chunks(word: str, longest: int) -> list[str]:
    return [word[at : at + longest] for at in range(0, len(word), longest)] or [""]


def cut(text: str, longest: int) -> str:
    """A text that is not longer than this."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
