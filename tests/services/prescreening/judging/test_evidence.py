from decimal import Decimal

import pytest

from libs.events.models import StepResultCode
from services.prescreening.judging.evidence import Amount, Source, amount, figure, monthly, result
from services.prescreening.judging.money import NoRate, read
from services.prescreening.judging.table import Figure
from tests.services.prescreening.factory import RATES, outcome

INCOME = Source(step="BANK", measure="income.median")


def test_the_latest_outcome_of_a_step_counts() -> None:
    evidence = [outcome("BANK", income__median="1 EUR"), outcome("BANK", StepResultCode.FAIL, income__median="2 EUR")]
    assert figure(evidence, INCOME) == Figure(Decimal(2), "EUR")
    assert result(evidence, "BANK") == "FAIL"
    assert (figure(evidence, Source(step="BANK", measure="none")), result(evidence, "NONE")) == (None, None)


def test_an_amount_is_converted_and_none_where_it_cannot_be() -> None:
    for told, expected in (("100 AUD", Decimal("56.00")), ("100 XXX", None), ("much EUR", None)):
        assert amount([outcome("BANK", income__median=told)], INCOME, "EUR", RATES) == expected


def test_the_first_amount_that_there_is_by_month_and_none_below_zero() -> None:
    sources = [Amount(step="ACCOUNTS", measure="ebitda", per="YEAR"), Amount(step="BANK", measure="income.median")]
    bank = outcome("BANK", income__median="900 EUR")
    assert monthly([bank], sources, "EUR", RATES) == 900
    assert monthly([bank, outcome("ACCOUNTS", ebitda="24000 EUR")], sources, "EUR", RATES) == 2000
    assert monthly([outcome("ACCOUNTS", ebitda="-24000 EUR")], sources, "EUR", RATES) == 0
    assert monthly([], sources, "EUR", RATES) is None


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (["currency,rate"], "line 1: the columns"),
        (["currency,worth", "EUR,2"], "line 2: the first currency is the base"),
        (["currency,worth", "EUR,1", "AUD,much"], "line 3: worth is no number"),
        (["currency,worth", "EUR,1", "AUD,0"], "line 3: worth is to be more than 0"),
    ],
)
def test_a_mistake_in_the_rates_is_refused_with_its_line(lines: list[str], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        read(lines)


def test_money_goes_there_and_back() -> None:
    there = RATES.convert(Decimal(100), "AUD", "GBP")
    assert RATES.convert(there, "GBP", "AUD").quantize(Decimal("0.01")) == 100
    with pytest.raises(NoRate, match="there is no rate for XXX"):
        RATES.convert(Decimal(1), "XXX", "EUR")
