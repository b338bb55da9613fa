"""A year on an account: what comes in and goes out of a person's, and of a company's, day by day."""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

CENT = Decimal("0.01")
SHOPS = ("Edeka", "Rewe", "Lidl", "dm Drogerie", "Shell Station", "Bäckerei Klein", "Deutsche Bahn", "Stadtbibliothek")
SUPPLIERS = ("Nordmetall Handel", "Papierwerk Süd", "Kabelhaus Franke", "Logistik Weber")
CLIENTS = ("Bauhof Lenz", "Praxis Dr. Arndt", "Gemeinde Holm", "Hotel am See", "Autohaus Brandt", "Schule Westend")


@dataclass(frozen=True, slots=True)
class Line:
    """One booking; `amount` is above zero where money came in. `returned`: the payment came back."""

    day: date
    amount: Decimal
    counterparty: str
    text: str
    returned: bool = False


@dataclass(frozen=True, slots=True)
class Year:
    """Twelve whole months of an account in the order of time, `opening` is on it before the first line."""

    opening: Decimal
    lines: Sequence[Line]
    months: Sequence[date]

    def of(self, month: date) -> list[Line]:
        """The lines of a month that begins on a day."""
        return [line for line in self.lines if (line.day.year, line.day.month) == (month.year, month.month)]


@dataclass(frozen=True, slots=True)
class Household:
    """What a person earns and spends in a month; `earned` has a factor for each month where it is not always the same.

    `opening` is on the account before; of what is over a month the share `saved` is put aside when it ends. In so many
    of the months payments come back. A second job is there all year round.
    """

    salary: int
    rent: int
    spending: int
    employer: str = "Stadtwerke Nord"
    earned: Sequence[float] = ()
    opening: int = 2400
    saved: float = 0.7
    returned: int = 0
    second_job: int = 0


@dataclass(frozen=True, slots=True)
class Business:
    """What a company takes and pays in a month."""

    takings: int
    wages: int
    supplies: int
    rent: int
    opening: int = 30_000
    saved: float = 0.7
    swings: float = 0.06


def months_before(today: date, count: int = 12) -> list[date]:
    """The first days of so many whole months, the last of which ended before this day."""
    found, first = [], today.replace(day=1)
    for _ in range(count):
        first = (first - timedelta(days=1)).replace(day=1)
        found.append(first)
    return found[::-1]


def household(plan: Household, months: Sequence[date], random: Random) -> Year:
    """A person's account."""
    held = []
    for number, month in enumerate(months):
        factor = plan.earned[number % len(plan.earned)] if plan.earned else 1.0
        held.append(list(_of_household(plan, factor, month, random, number < plan.returned)))
    return _year(_money(random, plan.opening, 0.05), held, months, plan.saved, "Sparkonto")


def _year(
    opening: Decimal, held: Sequence[Sequence[Line]], months: Sequence[date], saved: float, put_aside: str
) -> Year:
    """The months in the order of time, each with what is put aside at its end."""
    lines: list[Line] = []
    for month, several in zip(months, held, strict=True):
        lines += sorted(several, key=lambda line: line.day)
        over = sum((line.amount for line in several), Decimal(0)) * Decimal(str(saved))
        if over > 0:
            lines.append(Line(last_day(month), -over.quantize(CENT), put_aside, "Umbuchung"))
    return Year(opening, lines, months)


def _of_household(plan: Household, factor: float, month: date, random: Random, returned: bool) -> Iterator[Line]:
    if factor:
        yield Line(month.replace(day=26), _money(random, plan.salary * factor, 0.01), plan.employer, "Lohn Gehalt")
    if plan.second_job:
        yield Line(month.replace(day=15), _money(random, plan.second_job, 0.02), "Gemeinde Holm", "Lohn Hausmeister")
    yield Line(month.replace(day=3), -Decimal(plan.rent), "Wohnbau Genossenschaft", "Miete")
    yield Line(month.replace(day=5), -_money(random, plan.spending * 0.1, 0.03), "Allianz", "Versicherungen")
    yield Line(month.replace(day=8), -_money(random, plan.spending * 0.1, 0.03), "Stadtwerke", "Strom und Gas")
    for _ in range(22):
        day = month.replace(day=random.randint(1, 25))
        yield Line(day, -_money(random, plan.spending * 0.8 / 22, 0.3), random.choice(SHOPS), "Kartenzahlung")
    if returned:
        yield from _came_back(month, random)


def _came_back(month: date, random: Random) -> Iterator[Line]:
    """Two payments a month for which there was no money."""
    for day in (12, 19):
        amount = _money(random, 60, 0.3)
        yield Line(month.replace(day=day), -amount, "Telekom", "Lastschrift")
        yield Line(month.replace(day=day + 2), amount, "Telekom", "Rücklastschrift mangels Deckung", returned=True)


def business(plan: Business, months: Sequence[date], random: Random) -> Year:
    """A company's account."""
    held = [list(_of_business(plan, month, random)) for month in months]
    return _year(_money(random, plan.opening, 0.04), held, months, plan.saved, "Tagesgeldkonto")


def _of_business(plan: Business, month: date, random: Random) -> Iterator[Line]:
    count = 18
    for number in range(count):
        day = month.replace(day=random.randint(1, 27))
        amount = _money(random, plan.takings / count, plan.swings)
        yield Line(day, amount, random.choice(CLIENTS), f"Rechnung {month:%y%m}{number:02}")
    yield Line(month.replace(day=27), -Decimal(plan.wages), "Sammelüberweisung", "Löhne und Gehälter")
    yield Line(month.replace(day=2), -Decimal(plan.rent), "Gewerbepark Ost", "Miete Halle 4")
    yield Line(month.replace(day=10), -_money(random, plan.takings * 0.05, 0.02), "Finanzamt", "Umsatzsteuer")
    for _ in range(6):
        day = month.replace(day=random.randint(4, 26))
        yield Line(day, -_money(random, plan.supplies / 6, 0.1), random.choice(SUPPLIERS), "Rechnung Lieferung")


def edited(year: Year, by: Decimal) -> Year:
    """Somebody has raised an income after the bank wrote the statement: its balances are still the bank's."""
    at = max(range(len(year.lines)), key=lambda number: (year.lines[number].amount, number))
    changed = replace(year.lines[at], amount=year.lines[at].amount + by)
    return replace(year, lines=[*year.lines[:at], changed, *year.lines[at + 1 :]])


def _money(random: Random, amount: float, spread: float) -> Decimal:
    """About so much."""
    return Decimal(str(amount * random.uniform(1 - spread, 1 + spread))).quantize(CENT)


def last_day(month: date) -> date:
    """The last day of a month that begins on a day."""
    return month.replace(day=monthrange(month.year, month.month)[1])
