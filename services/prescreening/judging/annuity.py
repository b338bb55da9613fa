"""Loans that are paid back in equal monthly instalments: annuities, in decimals."""

from decimal import ROUND_DOWN, ROUND_UP, Decimal, localcontext

CENT = Decimal("0.01")
MONTHS = 12
# Digits enough that 600 months at any rate are exact to the cent.
DIGITS = 50


def instalment(amount: Decimal, annual_rate: Decimal, months: int) -> Decimal:
    """What a loan costs each month, rounded up to the cent; `annual_rate` is 0.08 for 8 %."""
    return (amount / _present_value(annual_rate, months)).quantize(CENT, ROUND_UP)


def amount(instalment: Decimal, annual_rate: Decimal, months: int, step: Decimal = CENT) -> Decimal:
    """The greatest loan, in whole steps, whose instalment is at most this."""
    if instalment <= 0:
        return Decimal(0)
    affordable = instalment.quantize(CENT, ROUND_DOWN) * _present_value(annual_rate, months)
    return rounded_down(affordable, step)


def rounded_down(value: Decimal, step: Decimal) -> Decimal:
    """The greatest multiple of the step that is not over the value; none below zero."""
    return max((value / step).to_integral_value(ROUND_DOWN), Decimal(0)) * step


def _present_value(annual_rate: Decimal, months: int) -> Decimal:
    """What an instalment of 1 for so many months is worth now."""
    with localcontext() as context:
        context.prec = DIGITS
        monthly = annual_rate / MONTHS
        if not monthly:
            return Decimal(months)
        return (1 - (1 + monthly) ** -months) / monthly
