from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.prescreening.judging.annuity import amount, instalment

rates = st.decimals("0", "0.5", places=4)
months = st.integers(1, 480)


@pytest.mark.parametrize(
    ("borrowed", "rate", "term", "monthly"),
    [
        ("10000", "0.06", 12, "860.67"),
        ("200000", "0.04", 360, "954.84"),
        ("1200", "0", 12, "100.00"),
        ("1000", "0.12", 1, "1010.00"),
    ],
)
def test_what_a_loan_costs_each_month(borrowed: str, rate: str, term: int, monthly: str) -> None:
    assert instalment(Decimal(borrowed), Decimal(rate), term) == Decimal(monthly)


@given(st.decimals("0.01", "100000", places=2), rates, months, st.sampled_from([Decimal("0.01"), Decimal(100)]))
def test_the_amount_of_an_instalment_costs_no_more_and_the_next_step_would(
    monthly: Decimal, rate: Decimal, term: int, step: Decimal
) -> None:
    greatest = amount(monthly, rate, term, step)
    assert greatest % step == 0
    assert instalment(greatest, rate, term) <= monthly
    assert instalment(greatest + step, rate, term) > monthly or step == Decimal("0.01")


def test_nothing_to_spend_is_no_loan() -> None:
    assert amount(Decimal("-3"), Decimal("0.1"), 12) == 0
