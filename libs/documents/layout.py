"""Where the fields of a machine readable zone stand (ICAO Doc 9303), and its check digits."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import cycle
from operator import mul

WEIGHTS = (7, 3, 1)
VALUES = {**{str(digit): digit for digit in range(10)}, **{chr(65 + at): 10 + at for at in range(26)}, "<": 0}

# A stretch of a line: line, first column, end.
Span = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Layout:
    """One format: its size, its fields, which of them have a check digit and where, and what the last one covers."""

    name: str
    lines: int
    width: int
    fields: Mapping[str, Span]
    digits: Mapping[str, Span]
    composite: tuple[Span, ...] = ()


_MRV_FIELDS: dict[str, Span] = {
    "code": (0, 0, 2), "issuer": (0, 2, 5), "number": (1, 0, 9), "nationality": (1, 10, 13), "birth": (1, 13, 19),
    "sex": (1, 20, 21), "expiry": (1, 21, 27),
}  # fmt: skip
_MRV_DIGITS: dict[str, Span] = {"number": (1, 9, 10), "birth": (1, 19, 20), "expiry": (1, 27, 28)}

TD3 = Layout(
    "TD3", 2, 44,
    {**_MRV_FIELDS, "name": (0, 5, 44), "optional": (1, 28, 42)},
    {**_MRV_DIGITS, "optional": (1, 42, 43), "composite": (1, 43, 44)},
    ((1, 0, 10), (1, 13, 20), (1, 21, 43)),
)  # fmt: skip
TD2 = Layout(
    "TD2", 2, 36,
    {**_MRV_FIELDS, "name": (0, 5, 36), "optional": (1, 28, 35)},
    {**_MRV_DIGITS, "composite": (1, 35, 36)},
    ((1, 0, 10), (1, 13, 20), (1, 21, 35)),
)  # fmt: skip
TD1 = Layout(
    "TD1", 3, 30,
    {
        "code": (0, 0, 2), "issuer": (0, 2, 5), "number": (0, 5, 14), "optional": (0, 15, 30), "birth": (1, 0, 6),
        "sex": (1, 7, 8), "expiry": (1, 8, 14), "nationality": (1, 15, 18), "optional2": (1, 18, 29),
        "name": (2, 0, 30),
    },
    {"number": (0, 14, 15), "birth": (1, 6, 7), "expiry": (1, 14, 15), "composite": (1, 29, 30)},
    ((0, 5, 30), (1, 0, 7), (1, 8, 15), (1, 18, 29)),
)  # fmt: skip
MRVA = Layout("MRV-A", 2, 44, {**_MRV_FIELDS, "name": (0, 5, 44), "optional": (1, 28, 44)}, _MRV_DIGITS)
MRVB = Layout("MRV-B", 2, 36, {**_MRV_FIELDS, "name": (0, 5, 36), "optional": (1, 28, 36)}, _MRV_DIGITS)

LAYOUTS = {layout.name: layout for layout in (TD1, TD2, TD3, MRVA, MRVB)}


def layout_of(lines: list[str]) -> Layout | None:
    """The format that lines are in, by their number and length; a document code of V is a visa's."""
    visa = bool(lines) and lines[0][:1] == "V"
    for layout in (MRVA, MRVB) if visa else (TD3, TD2, TD1):
        if len(lines) == layout.lines and all(len(line) == layout.width for line in lines):
            return layout
    return None


def check_digit(text: str) -> str:
    """The check digit of a field: weights 7, 3, 1, modulo 10."""
    return str(sum(map(mul, map(VALUES.__getitem__, text), cycle(WEIGHTS))) % 10)


def cut(lines: list[str], span: Span) -> str:
    """What stands at a place."""
    line, begin, end = span
    return lines[line][begin:end]
