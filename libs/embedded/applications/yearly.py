"""Yearly accounts of a company: profit and loss and balance sheet, as a table and as a page of iXBRL (IFRS)."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from libs.embedded.applications.applicants import CURRENCY, Applicant
from libs.embedded.applications.case import attached
from libs.events.models import ApplicationFile

# Items of a year and of its end, and what IFRS's taxonomy calls them.
OF_THE_YEAR = {
    "revenue": "Revenue",
    "operating_profit": "ProfitLossFromOperatingActivities",
    "depreciation": "DepreciationAndAmortisationExpense",
    "interest": "FinanceCosts",
    "profit_before_tax": "ProfitLossBeforeTax",
    "tax": "IncomeTaxExpenseContinuingOperations",
    "profit": "ProfitLoss",
}
OF_ITS_END = {
    "fixed_assets": "NoncurrentAssets",
    "current_assets": "CurrentAssets",
    "assets": "Assets",
    "debt": "Borrowings",
    "current_liabilities": "CurrentLiabilities",
    "noncurrent_liabilities": "NoncurrentLiabilities",
    "liabilities": "Liabilities",
    "equity": "Equity",
}
LEI = "http://standards.iso.org/iso/17442"
PAGE = """<?xml version="1.0" encoding="UTF-8"?>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:ix="http://www.xbrl.org/2013/inlineXBRL"
 xmlns:xbrli="http://www.xbrl.org/2003/instance" xmlns:iso4217="http://www.xbrl.org/2003/iso4217"
 xmlns:ixt="http://www.xbrl.org/inlineXBRL/transformation/2020-02-12"
 xmlns:ifrs-full="https://xbrl.ifrs.org/taxonomy/2024-03-27/ifrs-full">
<head><title>{title}</title></head><body>
<div style="display:none"><ix:header><ix:resources>{contexts}
<xbrli:unit id="money"><xbrli:measure>iso4217:{currency}</xbrli:measure></xbrli:unit>
</ix:resources></ix:header></div>
<h1>{title}</h1><table>{rows}</table></body></html>
"""
CONTEXT = """
<xbrli:context id="{id}"><xbrli:entity><xbrli:identifier scheme="{scheme}">{lei}</xbrli:identifier></xbrli:entity>
<xbrli:period>{period}</xbrli:period></xbrli:context>"""
FACT = (
    '<td>{minus}<ix:nonFraction name="ifrs-full:{name}" contextRef="{context}" unitRef="money" decimals="-3" scale="3"'
    ' format="ixt:num-dot-decimal"{sign}>{value}</ix:nonFraction></td>'
)


@dataclass(frozen=True, slots=True)
class Accounts:
    """In thousands: three years, the latest last. `off_by`: so much is missing among the assets."""

    revenue: tuple[int, ...] = (960, 1_010, 1_090)
    operating: tuple[int, ...] = (118, 131, 149)
    depreciation: tuple[int, ...] = (28, 30, 31)
    interest: tuple[int, ...] = (6, 5, 4)
    tax: tuple[int, ...] = (30, 34, 39)
    equity: tuple[int, ...] = (310, 372, 441)
    debt: tuple[int, ...] = (120, 100, 80)
    others: tuple[int, ...] = (90, 95, 104)
    off_by: int = 0

    def items(self, at: int) -> dict[str, int]:
        """The figures of a year, in thousands."""
        before_tax = self.operating[at] - self.interest[at]
        longer = self.debt[at] * 4 // 5
        current = self.debt[at] - longer + self.others[at]
        assets = self.equity[at] + longer + current
        return {
            "revenue": self.revenue[at],
            "operating_profit": self.operating[at],
            "depreciation": self.depreciation[at],
            "interest": self.interest[at],
            "profit_before_tax": before_tax,
            "tax": self.tax[at],
            "profit": before_tax - self.tax[at],
            "fixed_assets": assets * 2 // 5 - self.off_by,
            "current_assets": assets - assets * 2 // 5,
            "assets": assets,
            "debt": self.debt[at],
            "current_liabilities": current,
            "noncurrent_liabilities": longer,
            "liabilities": longer + current,
            "equity": self.equity[at],
        }


class _Year(NamedTuple):
    begins: date
    ends: date
    items: Mapping[str, int]


def annual_accounts(
    one: Applicant, accounts: Accounts, as_table: bool, today: date
) -> list[tuple[ApplicationFile, bytes]]:
    """The accounts of the last three years that have ended, in one file."""
    assert one.company is not None
    lei = one.company.lei or ""
    count = len(accounts.revenue)
    numbers = [today.year - count + at for at in range(count)]
    years = [_Year(date(n, 1, 1), date(n, 12, 31), accounts.items(at)) for at, n in enumerate(numbers)]
    content = _table(one.company.registerNumber or "", years) if as_table else _page(one.company.name, lei, years)
    media, form = ("text/plain", "CSV") if as_table else ("text/xml", "IXBRL")
    period = {"periodFrom": years[0].begins.isoformat(), "periodTo": years[-1].ends.isoformat()}
    return [attached(content, "FINANCIAL_STATEMENT", media, fileId="file-accounts", format=form, **period)]


def _table(number: str, years: Sequence[_Year]) -> bytes:
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(["item", *(year.ends for year in years)])
    table.writerow(["company", *(number for _ in years)])
    table.writerow(["currency", *(CURRENCY for _ in years)])
    for item in (*OF_THE_YEAR, *OF_ITS_END):
        table.writerow([item, *(1000 * year.items[item] for year in years)])
    return out.getvalue().encode()


def _page(name: str, lei: str, years: Sequence[_Year]) -> bytes:
    contexts = ""
    for year in years:
        whole = f"<xbrli:startDate>{year.begins}</xbrli:startDate><xbrli:endDate>{year.ends}</xbrli:endDate>"
        end = f"<xbrli:instant>{year.ends}</xbrli:instant>"
        for id, period in ((f"y{year.ends.year}", whole), (f"e{year.ends.year}", end)):
            contexts += CONTEXT.format(id=id, scheme=LEI, lei=lei, period=period)
    rows = "".join(_row(tag, item, "y", years) for item, tag in OF_THE_YEAR.items())
    rows += "".join(_row(tag, item, "e", years) for item, tag in OF_ITS_END.items())
    return PAGE.format(title=name, currency=CURRENCY, contexts=contexts, rows=rows).encode()


def _row(tag: str, item: str, kind: str, years: Sequence[_Year]) -> str:
    cells = ""
    for year in years:
        value = year.items[item]
        minus, sign = ("-", ' sign="-"') if value < 0 else ("", "")
        context = f"{kind}{year.ends.year}"
        cells += FACT.format(name=tag, context=context, value=f"{abs(value):,}", minus=minus, sign=sign)
    return f"\n<tr><th>{item}</th>{cells}</tr>"
