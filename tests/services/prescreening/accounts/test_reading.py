"""Financial statements as they are filed, read into years."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from services.prescreening.accounts.concepts import concepts
from services.prescreening.accounts.form import Accounts
from services.prescreening.accounts.reading import read
from services.prescreening.financial_statements import known
from services.prescreening.statements.form import Refused

EXAMPLES = Path(__file__).parent / "examples"


def example(name: str) -> Accounts:
    """An example, read under a name that tells nothing."""
    return read((EXAMPLES / name).read_bytes(), known(), "file")


def text(name: str, old: str, new: str) -> bytes:
    """An example with something in it replaced."""
    content = (EXAMPLES / name).read_text()
    assert old in content
    return content.replace(old, new).encode()


def test_accounts_of_a_british_company_with_last_years_beside_them() -> None:
    accounts = example("uk_frs102.xhtml")
    assert (accounts.form, accounts.currency, accounts.entity) == ("iXBRL", "GBP", "07654321")
    assert accounts.contradictions == []
    latest, before = accounts.years
    assert (latest.ends, latest.months, latest.rounding) == (date(2025, 3, 31), 12, Decimal(1))
    assert latest.items == {
        name: Decimal(value)
        for name, value in {
            "revenue": 842310, "cost_of_sales": 511900, "gross_profit": 330410, "operating_profit": 88020,
            "interest": 6020, "profit_before_tax": 82000, "tax": 15580, "profit": 66420, "depreciation": 21480,
            "fixed_assets": 154300, "current_assets": 212640, "current_liabilities": 98410,
            "net_current_assets": 114230, "assets_less_current_liabilities": 268530, "noncurrent_liabilities": 72000,
            "debt_noncurrent": 60000, "debt_current": 12000, "net_assets": 196530, "equity": 196530,
        }.items()
    }  # fmt: skip
    assert before.items == {
        "revenue": Decimal(790125), "operating_profit": Decimal(-4200), "interest": Decimal(0),
        "net_assets": Decimal(130110),
    }  # fmt: skip


def test_ifrs_in_millions_with_a_comma_a_loss_and_a_quarter_that_is_no_year() -> None:
    accounts = example("ifrs.xhtml")
    (year,) = accounts.years
    assert accounts.scheme == "http://standards.iso.org/iso/17442"
    assert year.items == {
        "revenue": Decimal("1204300000"), "profit": Decimal("-12500000"), "assets": Decimal("980000000"),
        "liabilities": Decimal("700001000"), "equity": Decimal("280000000"),
    }  # fmt: skip
    assert year.rounding == Decimal("1E+5")


def test_a_table_of_years_latest_first() -> None:
    accounts = example("years.csv")
    assert [(year.ends.year, year.items["profit"]) for year in accounts.years] == [
        (2024, Decimal(100000)), (2023, Decimal(78000)), (2022, Decimal(70000)),
    ]  # fmt: skip
    assert (accounts.currency, accounts.entity) == ("EUR", "HRB 12345")


def test_a_figure_marked_twice_and_differently_is_told() -> None:
    twice = '<ix:nonFraction name="core:ProfitLoss" contextRef="y24" unitRef="GBP" decimals="0">99999</ix:nonFraction>'
    accounts = read(text("uk_frs102.xhtml", "</body>", f"{twice}</body>"), known())
    assert accounts.contradictions == ["profit of 2025-03-31: 66420 and 99999"]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (text("uk_frs102.xhtml", "842,310", "842.310,00"), "bad: line 25: TurnoverRevenue: this is no amount of money"),
        (
            text("uk_frs102.xhtml", 'format="ixt:zerodash"', 'format="ixt:numwordsen"'),
            "bad: line 29: InterestPayableSimilarChargesFinanceCosts: figures of the form numwordsen are not read",
        ),
        (text("ifrs.xhtml", 'scale="6"', 'scale="99"'), "bad: line 10: Revenue: its scale is no number from -20 to 20"),
        (text("ifrs.xhtml", "2024-12-31", "2024-13-31"), "bad: line 5: this is no date"),
        (text("ifrs.xhtml", "iso4217:EUR", "xbrli:pure"), "bad: none of the figures marked in the page is one"),
        (
            text("uk_frs102.xhtml", "<!DOCTYPE html>", "<!DOCTYPE html [<!ENTITY a 'b'>]>"),
            "bad: line 2: document types and entities are not read",
        ),
        (text("years.csv", "1240000", "=1240000"), "bad: line 4: this is no amount of money"),
        (text("years.csv", "1240000", "1e99"), "bad: line 4: this is no amount of money"),
        (text("years.csv", "equity", "goodwill"), "bad: line 15: this is no item; there are assets, "),
        (text("years.csv", "tax,33000", "profit,33000"), "bad: line 12: profit stands here twice"),
        (text("years.csv", "2023-12-31", "2024-12-31"), "bad: line 1: there are to be 1 to 20 years, each once"),
        (text("years.csv", "EUR,EUR,EUR", "EUR,USD,EUR"), "bad: a row currency names the same one for every year"),
        (text("years.csv", "tax,33000,", "tax,33000,,"), "bad: line 11: 5 cells where the header has 4"),
        (b"Umsatz;2024\n1;2\n", "bad: line 1: the first cell is to be item"),
        (b"PK\x03\x04", "bad: the file is an archive or a workbook"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_place(data: bytes, told: str) -> None:
    with pytest.raises(Refused) as refused:
        read(data, known(), "bad")
    assert str(refused.value).startswith(told)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("uk,A,,goodwill,x", "line 2: 'goodwill' is no item"),
        ("hgb,A,,revenue,x", "line 2: 'hgb' is no taxonomy"),
        ("uk,A,,revenue,x\nuk,A,,profit,x", "line 3: 'A' stands here twice"),
    ],
)
def test_a_table_of_concepts_that_is_wrong_is_refused(row: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        concepts(["taxonomy,concept,dimension,item,source", *row.split("\n")])
