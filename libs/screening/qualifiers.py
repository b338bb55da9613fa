"""What else is known of two persons of the same name: date of birth, country and gender, for or against."""

from collections.abc import Sequence
from dataclasses import dataclass

from libs.screening import policy

DAY = len("2000-01-01")
YEAR = len("2000")


@dataclass(frozen=True, slots=True)
class Qualifier:
    """One comparison: what it takes off the score, whether it agrees, and whether it rules the hit out."""

    name: str
    score: float = 0.0
    agrees: bool = False
    rules_out: bool = False
    detail: str | None = None


def birth_date(given: str | None, listed: Sequence[str]) -> Qualifier:
    """The date of birth agrees as far as both sides know it with one of the listed dates."""
    name = "birth_date"
    if not given or not listed:
        return Qualifier(name, detail="not known on both sides")
    stated = "listed " + ", ".join(listed)
    best = max((_nearness(given, date) for date in listed), default=-1)
    if best < 0:
        return Qualifier(name, score=-1.0, rules_out=True, detail=f"year differs, {stated}")
    score, words, agrees = ((policy.BIRTH_DAY_DIFFERS, "year agrees, day differs", True),
                            (policy.BIRTH_DAY_FLIPPED, "day and month swapped", True),
                            (0.0, "agrees", True))[best]  # fmt: skip
    return Qualifier(name, score=score, agrees=agrees, detail=f"{words}, {stated}")


def _nearness(given: str, listed: str) -> int:
    """-1 another year, 0 the same year but another day, 1 day and month swapped, 2 the same as far as known."""
    apart = abs(int(given[:YEAR]) - int(listed[:YEAR]))
    if len(listed) == YEAR:
        return 2 if apart <= policy.YEARS_BESIDE else -1
    if apart:
        return -1
    known = min(len(given), len(listed))
    if given[:known] == listed[:known]:
        return 2
    year, *rest = given.split("-")
    return 1 if known == DAY and "-".join([year, *reversed(rest)]) == listed else 0


def country(given: Sequence[str], listed: Sequence[str]) -> Qualifier:
    """Nationality or country of birth is among the listed countries."""
    name = "country"
    if not given or not listed:
        return Qualifier(name, detail="not known on both sides")
    stated = "listed " + ", ".join(listed)
    if set(given) & set(listed):
        return Qualifier(name, agrees=True, detail=f"agrees, {stated}")
    return Qualifier(name, score=policy.COUNTRY_DIFFERS, detail=f"differs, {stated}")


def gender(given: str | None, listed: str) -> Qualifier:
    """The gender is the listed one."""
    name = "gender"
    if not given or not listed:
        return Qualifier(name, detail="not known on both sides")
    if given == listed:
        return Qualifier(name, agrees=True, detail=f"agrees, listed {listed}")
    return Qualifier(name, score=policy.GENDER_DIFFERS, detail=f"differs, listed {listed}")
