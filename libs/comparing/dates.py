"""How well two dates of birth agree, by part."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Annotated

from pydantic import Field

from libs.events.record import Record

Parts = tuple[str, ...]
Strength = Annotated[int, Field(ge=0, le=100)]


class DateStrengths(Record):
    """What a date of birth that does not agree in full is worth."""

    yearAndMonth: Strength
    yearOnly: Strength
    dayAndMonthTransposed: Strength
    oneDigitWrong: Strength


@lru_cache(maxsize=65536)
def parts(text: str) -> Parts | None:
    """Year, month and day of `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, as far as given; None where it is no date."""
    found = tuple(text.strip().split("-"))
    if [len(part) for part in found] != [4, 2, 2][: len(found)] or not all(part.isdecimal() for part in found):
        return None
    try:
        date(*[int(part) for part in (*found, "01", "01")[:3]])
    except ValueError:
        return None
    return found


def strengths(claimed: Parts, recorded: Parts, policy: DateStrengths) -> Mapping[str, int]:
    """Two dates of birth agree: 100 or 0 by part, and as a whole with the slips that people make."""
    both = list(zip(claimed, recorded, strict=False))
    by_part = {name: 100 * (a == b) for name, (a, b) in zip(("year", "month", "day"), both, strict=False)}
    return {**by_part, "fullDateOfBirth": _whole(claimed, recorded, policy)}


def _whole(a: Parts, b: Parts, policy: DateStrengths) -> int:
    known = min(len(a), len(b))
    if a[:known] == b[:known]:
        return (policy.yearOnly, policy.yearAndMonth, 100)[known - 1]
    if known < 3:
        return 0
    if a[0] == b[0] and (a[1], a[2]) == (b[2], b[1]):
        return policy.dayAndMonthTransposed
    return policy.oneDigitWrong if _one_slip("".join(a), "".join(b)) else 0


def _one_slip(a: str, b: str) -> bool:
    """One digit is another, or two neighbours stand the wrong way round."""
    wrong = [at for at in range(8) if a[at] != b[at]]
    if len(wrong) == 2 and wrong[1] == wrong[0] + 1:
        return a[wrong[0]] == b[wrong[1]] and a[wrong[1]] == b[wrong[0]]
    return len(wrong) == 1
