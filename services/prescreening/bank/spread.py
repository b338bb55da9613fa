"""How far amounts lie apart, without one that stands out telling for all."""

from collections.abc import Sequence
from decimal import Decimal
from statistics import median


def deviation(amounts: Sequence[Decimal]) -> Decimal | None:
    """The median distance from the median (MAD), as a share of it; None where the median is not above zero."""
    if not amounts:
        return None
    middle = median(amounts)
    if middle <= 0:
        return None
    return median(abs(amount - middle) for amount in amounts) / middle
