"""What a loan asks for every month."""

from decimal import Decimal


def instalment(amount: Decimal, months: int, yearly_percent: Decimal) -> Decimal:
    """The equal monthly payment that pays a loan back with its interest (an annuity, paid at each month's end)."""
    rate = yearly_percent / 1200
    if not rate:
        return amount / months
    return amount * rate / (1 - (1 + rate) ** -months)
