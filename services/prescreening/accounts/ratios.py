"""The figures that financial statements are judged by."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from services.prescreening.accounts.form import Year
from services.prescreening.judging.table import Figure

CENT = Decimal("0.01")
ZERO = Decimal(0)
DAYS, YEARS, PERCENT, RATIO = "days", "years", "percent", "ratio"
# A ratio to nothing, as a number that is never within a limit.
NOTHING_LEFT = Decimal(999)


class Loan(NamedTuple):
    """What is asked for, in the currency of the statements: the amount, and what is paid back in a year."""

    amount: Decimal
    yearly: Decimal


def ratios(
    years: Sequence[Year], currency: str, loan: Loan | None, current_debt: bool, today: date
) -> dict[str, Figure]:
    """The figures of the years, the latest first. `loan`: None where it is in another currency.

    `current_debt`: whether debt that falls due within a year is paid back in it, beside the interest.
    """
    latest = years[0]
    return {
        "accounts.years": Figure(Decimal(len(years)), YEARS),
        "accounts.age": Figure(Decimal((today - latest.ends).days), DAYS),
        **_amounts(latest, currency),
        **_trends(years),
        **_cover(latest, loan, current_debt),
        **_structure(latest),
    }


def ebitda(year: Year) -> Decimal | None:
    """Profit before interest, tax, depreciation and amortisation, from what is told of it."""
    items = year.items
    before = items.get("operating_profit")
    if before is None and "profit_before_tax" in items:
        before = items["profit_before_tax"] + items.get("interest", ZERO)
    if before is None and "profit" in items and "tax" in items:
        before = items["profit"] + items["tax"] + items.get("interest", ZERO)
    return None if before is None else before + items.get("depreciation", ZERO)


def debt(year: Year) -> Decimal | None:
    """What is borrowed, whole or by when it falls due; all liabilities where no borrowing is told."""
    items = year.items
    if "debt" in items:
        return items["debt"]
    parts = [items[name] for name in ("debt_current", "debt_noncurrent") if name in items]
    return sum(parts, ZERO) if parts else liabilities(year)


def equity(year: Year) -> Decimal | None:
    """What is the owners': told, or what is left of the assets."""
    items = year.items
    told = items.get("equity", items.get("net_assets"))
    if told is None and "assets" in items and "liabilities" in items:
        return items["assets"] - items["liabilities"]
    return told


def assets(year: Year) -> Decimal | None:
    """Told, or fixed and current ones together."""
    items = year.items
    if "assets" not in items and "current_assets" in items:
        return items["current_assets"] + items.get("fixed_assets", ZERO)
    return items.get("assets")


def liabilities(year: Year) -> Decimal | None:
    """Told, or what of the assets is not the owners'."""
    if "liabilities" in year.items:
        return year.items["liabilities"]
    whole, own = assets(year), equity(year)
    return None if whole is None or own is None else whole - own


def _amounts(year: Year, currency: str) -> dict[str, Figure]:
    found: Mapping[str, Decimal | None] = {
        "revenue": year.items.get("revenue"),
        "profit": year.items.get("profit"),
        "ebitda": ebitda(year),
        "debt": debt(year),
        "equity": equity(year),
    }
    return {name: Figure(value, currency) for name, value in found.items()}


def _trends(years: Sequence[Year]) -> dict[str, Figure]:
    profits = [year.items["profit"] for year in years if "profit" in year.items]
    return {
        "revenue.trend": _growth([(year.ends, year.items["revenue"]) for year in years if "revenue" in year.items]),
        "profit.losses": Figure(Decimal(sum(profit < 0 for profit in profits)) if profits else None, YEARS),
        "profit.change": Figure(
            _percent(profits[0] - profits[-1], abs(profits[-1])) if len(profits) > 1 else None, PERCENT
        ),
    }


def _growth(told: Sequence[tuple[date, Decimal]]) -> Figure:
    """The yearly change in percent, from the first year to the last; evened out over those between."""
    if len(told) < 2 or told[-1][1] <= 0 or told[0][1] < 0:
        return Figure(None, PERCENT)
    years = Decimal((told[0][0] - told[-1][0]).days) / Decimal("365.25")
    ratio = told[0][1] / told[-1][1]
    yearly = ratio ** (1 / years) if ratio else ZERO
    return Figure(((yearly - 1) * 100).quantize(CENT), PERCENT)


def _cover(year: Year, loan: Loan | None, current_debt: bool) -> dict[str, Figure]:
    """Debt service coverage and leverage, with the loan that is asked for."""
    earned, owed = ebitda(year), debt(year)
    service = None
    if loan is not None:
        due = year.items.get("debt_current", ZERO) if current_debt else ZERO
        service = year.items.get("interest", ZERO) + due + loan.yearly
    borrowed = None if owed is None or loan is None else owed + loan.amount
    return {
        "debt_service": Figure(None if service is None else service.quantize(CENT), "a year"),
        "dscr": Figure(None if earned is None or service is None else _of(earned, service), RATIO),
        "leverage": Figure(None if earned is None or borrowed is None else _times(borrowed, earned), RATIO),
    }


def _structure(year: Year) -> dict[str, Figure]:
    own, whole, owed = equity(year), assets(year), liabilities(year)
    return {
        "equity.share": Figure(None if own is None or whole is None else _percent(own, whole), PERCENT),
        "gearing": Figure(None if own is None or owed is None else _times(owed, own), RATIO),
    }


def _of(amount: Decimal, whole: Decimal) -> Decimal:
    return (amount / whole).quantize(CENT) if whole > 0 else NOTHING_LEFT


def _times(owed: Decimal, earned: Decimal) -> Decimal:
    """How many times what is earned is owed; of nothing earned, or a loss, more than any limit."""
    if earned > 0:
        return (owed / earned).quantize(CENT)
    return NOTHING_LEFT if owed > 0 else ZERO


def _percent(part: Decimal, whole: Decimal) -> Decimal | None:
    return (part * 100 / whole).quantize(CENT) if whole else None
