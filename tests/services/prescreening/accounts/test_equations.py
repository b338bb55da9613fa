"""Statements that do not add up are found with the figures, whichever was changed."""

from datetime import date
from decimal import Decimal

from hypothesis import assume, given
from hypothesis import strategies as st

from services.prescreening.accounts.equations import between, merged, within
from services.prescreening.accounts.form import Accounts, Year
from tests.services.prescreening.test_rules_financial_statements import TABLE

WHOLE = st.integers(0, 10**9).map(Decimal)


@st.composite
def years(draw: st.DrawFn) -> Year:
    """A year that adds up."""
    fixed, current, owed_soon, owed_late = (draw(WHOLE) for _ in range(4))
    revenue, costs, before, tax = (draw(WHOLE) for _ in range(4))
    items = {
        "fixed_assets": fixed, "current_assets": current, "assets": fixed + current,
        "current_liabilities": owed_soon, "noncurrent_liabilities": owed_late, "liabilities": owed_soon + owed_late,
        "equity": fixed + current - owed_soon - owed_late, "equity_and_liabilities": fixed + current,
        "net_current_assets": current - owed_soon, "revenue": revenue, "cost_of_sales": costs,
        "gross_profit": revenue - costs, "profit_before_tax": before, "tax": tax, "profit": before - tax,
    }  # fmt: skip
    return Year(date(2024, 12, 31), items)


def of(*some: Year, file: str = "a") -> Accounts:
    """A file with these years."""
    return Accounts("CSV", "EUR", some, file=file)


@given(years())
def test_what_adds_up_has_nothing_wrong(year: Year) -> None:
    assert list(within(of(year), TABLE.equations)) == []


@given(years(), st.integers(-(10**8), 10**8), st.data())
def test_any_figure_that_is_changed_is_found(year: Year, change: int, data: st.DataObject) -> None:
    assume(abs(change) > 3)
    item = data.draw(st.sampled_from(sorted(year.items)))
    edited = year._replace(items={**year.items, item: year.items[item] + change})
    assert {wrong.code for wrong in within(of(edited), TABLE.equations)} == {"ACCOUNTS_DO_NOT_ADD_UP"}


def test_what_is_wrong_is_told_with_its_figures() -> None:
    year = Year(date(2024, 12, 31), {"assets": Decimal(100), "liabilities": Decimal(70), "equity": Decimal(20)})
    (wrong,) = within(of(year), TABLE.equations)
    assert wrong.told == "2024-12-31: assets is 100, liabilities + equity give 90"


def test_figures_in_thousands_may_differ_by_what_they_are_rounded() -> None:
    items = {"assets": Decimal(101_000), "liabilities": Decimal(70_000), "equity": Decimal(30_000)}
    assert list(within(of(Year(date(2024, 12, 31), items, rounding=Decimal(1000))), TABLE.equations)) == []


def test_a_comparative_that_differs_from_what_was_filed_is_found() -> None:
    filed = of(Year(date(2023, 12, 31), {"profit": Decimal(10), "revenue": Decimal(90)}), file="2023")
    later = of(
        Year(date(2024, 12, 31), {"profit": Decimal(30)}),
        Year(date(2023, 12, 31), {"profit": Decimal(25), "revenue": Decimal(90)}),
        file="2024",
    )
    (wrong,) = between([filed, later])
    assert (wrong.code, wrong.file) == ("COMPARATIVE_DIFFERS", "2024")
    assert wrong.told == "profit of 2023-12-31 is 10 in one file and 25 in another"


def test_years_of_several_files_are_each_there_once_as_the_later_file_has_them() -> None:
    older = of(Year(date(2023, 12, 31), {"profit": Decimal(10), "interest": Decimal(3)}))
    later = of(Year(date(2024, 12, 31), {"profit": Decimal(30)}), Year(date(2023, 12, 31), {"profit": Decimal(11)}))
    assert [(year.ends.year, year.items) for year in merged([later, older])] == [
        (2024, {"profit": Decimal(30)}),
        (2023, {"profit": Decimal(11), "interest": Decimal(3)}),
    ]
