"""The months of an account: what came in and what was spent as bars, what was left at the end as a line."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple
from xml.sax.saxutils import escape

from libs.events.models import Measure

NAME = re.compile(r"month\.(\d{4}-\d{2})\.(end_balance|income|spending)")
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 300, 70, 10, 34, 28
LINES = 4


class Month(NamedTuple):
    """One month; None where it is not known."""

    name: str
    end_balance: Decimal | None = None
    income: Decimal | None = None
    spending: Decimal | None = None


def months(measures: Iterable[Measure]) -> tuple[list[Month], str]:
    """The months that measures tell of, in order, and their currency."""
    found: dict[str, dict[str, Decimal | None]] = {}
    unit = ""
    for measure in measures:
        if known := NAME.fullmatch(measure.name):
            unit = measure.unit
            value = None if measure.value is None else Decimal(measure.value)
            told = found.setdefault(known[1], {})
            told[known[2]] = value
    return [Month(name, **found[name]) for name in sorted(found)], unit


def svg(measures: Iterable[Measure], title: str = "Balance, income and spending by month") -> str:
    """The drawing, or nothing where no month is told. It has no style of its own but colours, and no script."""
    found, unit = months(measures)
    if not found:
        return ""
    low, high = _bounds(found)
    scale = _Scale(low, high, len(found))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-labelledby="months-title months-desc" font-family="sans-serif" font-size="11">'
        f'<title id="months-title">{escape(title)}</title><desc id="months-desc">{escape(_words(found, unit))}</desc>'
        '<defs><pattern id="months-spent" width="5" height="5" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect width="5" height="5" fill="#fff"/><rect width="2.5" height="5" '
        'fill="#9a3412"/></pattern></defs>'
        f"{_legend(unit)}{_grid(scale)}{''.join(_bars(found, scale))}{_line(found, scale)}</svg>"
    )


class _Scale(NamedTuple):
    low: Decimal
    high: Decimal
    months: int

    def y(self, value: Decimal) -> float:
        """Down from the top."""
        share = (self.high - value) / (self.high - self.low)
        return round(TOP + float(share) * (HEIGHT - TOP - BOTTOM), 1)

    def x(self, number: int) -> float:
        """The middle of a month."""
        return round(LEFT + (number + 0.5) * self.step, 1)

    @property
    def step(self) -> float:
        """How wide a month is."""
        return (WIDTH - LEFT - RIGHT) / self.months


def _bounds(found: Sequence[Month]) -> tuple[Decimal, Decimal]:
    values = [value for month in found for value in month[1:] if isinstance(value, Decimal)]
    low, high = min([*values, Decimal(0)]), max([*values, Decimal(0)])
    return low, high if high > low else low + 1


def _words(found: Sequence[Month], unit: str) -> str:
    """Every figure, month by month."""
    return " ".join(
        f"{month.name}: end {_told(month.end_balance)}, income {_told(month.income)}, spending {_told(month.spending)} "
        f"{unit}."
        for month in found
    )


def _told(value: Decimal | None) -> str:
    return "not known" if value is None else f"{value:,.2f}"


def _legend(unit: str) -> str:
    entries = (("#1d4ed8", "income"), ("url(#months-spent)", "spending"), ("#111", "balance at the end"))
    drawn = "".join(
        f'<rect x="{LEFT + number * 150}" y="8" width="12" height="12" fill="{fill}" stroke="#111" stroke-width="0.5"/>'
        f'<text x="{LEFT + 18 + number * 150}" y="18" fill="#111">{name}</text>'
        for number, (fill, name) in enumerate(entries)
    )
    return f'{drawn}<text x="{WIDTH - RIGHT}" y="18" text-anchor="end" fill="#111">{escape(unit)}</text>'


def _grid(scale: _Scale) -> str:
    values = {scale.low + (scale.high - scale.low) * part / LINES for part in range(LINES + 1)} | {Decimal(0)}
    return "".join(
        f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{scale.y(value)}" y2="{scale.y(value)}" '
        f'stroke="{"#111" if value == 0 else "#ccc"}" stroke-width="0.7"/>'
        f'<text x="{LEFT - 6}" y="{scale.y(value) + 4}" text-anchor="end" fill="#111">{value:,.0f}</text>'
        for value in sorted(values)
    )


def _bars(found: Sequence[Month], scale: _Scale) -> Iterable[str]:
    wide = round(scale.step * 0.32, 1)
    for number, month in enumerate(found):
        x = scale.x(number)
        yield from _bar(x - wide, wide, month.income, "#1d4ed8", scale)
        yield from _bar(x, wide, month.spending, "url(#months-spent)", scale)
        yield f'<text x="{x}" y="{HEIGHT - 8}" text-anchor="middle" fill="#111">{month.name[2:]}</text>'


def _bar(x: float, wide: float, value: Decimal | None, fill: str, scale: _Scale) -> Iterable[str]:
    if value:
        top, bottom = scale.y(max(value, Decimal(0))), scale.y(min(value, Decimal(0)))
        yield (
            f'<rect x="{x:.1f}" y="{top}" width="{wide}" height="{bottom - top:.1f}" fill="{fill}" stroke="#111" '
            'stroke-width="0.5"/>'
        )


def _line(found: Sequence[Month], scale: _Scale) -> str:
    points = [
        (scale.x(number), scale.y(month.end_balance))
        for number, month in enumerate(found)
        if month.end_balance is not None
    ]
    path = " ".join(f"{x},{y}" for x, y in points)
    dots = "".join(f'<circle cx="{x}" cy="{y}" r="3" fill="#111"/>' for x, y in points)
    return f'<polyline points="{path}" fill="none" stroke="#111" stroke-width="1.5"/>{dots}'
