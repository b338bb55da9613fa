"""What can be offered, as properties of the arithmetic."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.prescreening.judging.annuity import instalment
from services.prescreening.offer import Amounts, Applicant, Limits, Offer, Size, Sizes, Terms, offer

AMOUNTS = Amounts(least=Decimal(1000), most=Decimal(100000), step=Decimal(100))
LIMITS = Limits(dsti=Decimal(40), dti=Decimal("4.5"))
SIZES = Sizes(less=Decimal(80), little=Decimal(30))
TERMS = Terms(most=84, longer=12, step=6)


def euros(low: int, high: int) -> st.SearchStrategy[Decimal]:
    return st.decimals(low, high, places=2)


applicants = st.builds(
    Applicant,
    requested=euros(1, 200_000),
    term=st.integers(1, 120),
    income=euros(0, 20_000),
    instalments=euros(0, 8_000),
    debts=euros(0, 300_000),
    headroom=euros(0, 200_000),
    rate=st.decimals("0", "0.3", places=3),
)


def offered(applicant: Applicant) -> Offer:
    return offer(applicant, LIMITS, AMOUNTS, TERMS, SIZES)


def applicant(**more: Decimal | int) -> Applicant:
    given = {
        "requested": Decimal(10000),
        "term": 36,
        "income": Decimal(3000),
        "instalments": Decimal(0),
        "debts": Decimal(0),
        "headroom": Decimal(50000),
        "rate": Decimal("0.08"),
    }
    return Applicant(**(given | more))  # type: ignore[arg-type]


@given(applicants, euros(0, 20_000))
def test_more_income_never_lowers_the_amount(one: Applicant, more: Decimal) -> None:
    assert offered(one._replace(income=one.income + more)).amount >= offered(one).amount


@given(applicants, euros(0, 100_000), euros(0, 5_000))
def test_more_debt_never_raises_it(one: Applicant, debts: Decimal, instalments: Decimal) -> None:
    deeper = one._replace(debts=one.debts + debts, instalments=one.instalments + instalments)
    assert offered(deeper).amount <= offered(one).amount


@given(applicants)
def test_what_is_offered_is_within_every_limit_and_in_whole_steps(one: Applicant) -> None:
    found = offered(one)
    assert found.amount % AMOUNTS.step == 0
    if found.size == "NONE" and found.amount == 0:
        return
    monthly = instalment(found.amount, one.rate, found.term)
    assert found.instalment == monthly
    assert one.instalments + monthly <= one.income * LIMITS.dsti / 100
    assert one.debts + found.amount <= LIMITS.dti * 12 * one.income
    assert AMOUNTS.least <= found.amount <= min(AMOUNTS.most, one.headroom, one.requested)
    assert found.term <= TERMS.most


@pytest.mark.parametrize(
    ("figures", "size", "amount", "term"),
    [
        ({}, "FULL", 10000, 36),
        ({"requested": Decimal("10050")}, "FULL", 10000, 36),
        ({"income": Decimal(700)}, "LONGER", 10000, 42),
        ({"income": Decimal(600)}, "LESS", 9800, 48),
        ({"headroom": Decimal(8000)}, "LESS", 8000, 36),
        ({"headroom": Decimal(3000)}, "LITTLE", 3000, 36),
        ({"headroom": Decimal(2000)}, "NONE", 2000, 36),
        ({"income": Decimal(0)}, "NONE", 0, 36),
        ({"term": 120}, "LONGER", 10000, 84),
    ],
)
def test_how_great_an_offer_is(figures: dict[str, Decimal], size: Size, amount: int, term: int) -> None:
    found = offered(applicant(**figures))
    assert (found.size, found.amount, found.term) == (size, Decimal(amount), term)


def test_the_limit_that_allows_least_is_told() -> None:
    assert offered(applicant(headroom=Decimal(5000))).binding == "exposure"
    assert offered(applicant(debts=Decimal(157000))).binding == "dti"
