"""The one form that every financial statement is read into."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

# What a statement may tell of a year. Costs are told above zero, a loss is a profit below it.
OF_THE_YEAR = frozenset({
    "revenue", "cost_of_sales", "gross_profit", "operating_profit", "depreciation", "interest", "profit_before_tax",
    "tax", "profit",
})  # fmt: skip
OF_ITS_END = frozenset({
    "fixed_assets", "current_assets", "assets", "cash", "debt", "debt_current", "debt_noncurrent",
    "current_liabilities", "noncurrent_liabilities", "provisions", "liabilities", "net_current_assets",
    "assets_less_current_liabilities", "net_assets", "equity", "equity_and_liabilities",
})  # fmt: skip
ITEMS = OF_THE_YEAR | OF_ITS_END


class Year(NamedTuple):
    """One year: its last day, how long it was, and its items, each to `rounding` at worst."""

    ends: date
    items: Mapping[str, Decimal]
    months: int = 12
    rounding: Decimal = Decimal(1)


class Accounts(NamedTuple):
    """What one file tells, the latest year first. `entity`: the company's number, and who gave it that."""

    form: str
    currency: str
    years: Sequence[Year]
    entity: str = ""
    scheme: str = ""
    contradictions: Sequence[str] = ()
    """Items that the file tells twice and differently."""
    file: str = ""
