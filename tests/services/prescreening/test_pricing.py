from decimal import Decimal

import pytest

from services.prescreening.judging.evidence import Source
from services.prescreening.pricing import Price, Pricing
from tests.services.prescreening.factory import outcome

PRICING = Pricing(
    score=Source(step="EXTERNAL_CREDIT_REPORT", measure="score.position"),
    prices=(
        Price(rate=Decimal("0.05"), fromScore=Decimal(80), purposes=("HOME",)),
        Price(rate=Decimal("0.06"), fromScore=Decimal(80)),
        Price(rate=Decimal("0.09"), fromScore=Decimal(50)),
        Price(rate=Decimal("0.12")),
    ),
)


@pytest.mark.parametrize(
    ("score", "purpose", "rate"),
    [
        ("80", "HOME", "0.05"),
        ("80", "CAR", "0.06"),
        ("79.9", "HOME", "0.09"),
        ("10", "CAR", "0.12"),
        ("", "CAR", "0.12"),
    ],
)
def test_the_first_line_that_fits_and_the_last_without_a_score(score: str, purpose: str, rate: str) -> None:
    evidence = [outcome("EXTERNAL_CREDIT_REPORT", **({"score__position": f"{score} percent"} if score else {}))]
    assert PRICING.annual_rate(evidence, purpose) == Decimal(rate)
