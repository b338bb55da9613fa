"""Days, and how far they are apart."""

from datetime import date
from decimal import Decimal

from services.prescreening.judging.table import Figure


def day(text: str | None) -> date | None:
    """A day as YYYY-MM-DD; None where it is none."""
    try:
        return date.fromisoformat(text) if text and len(text) == 10 else None
    except ValueError:
        return None


def whole_months(since: date, until: date) -> int:
    """Months that have passed in full; less than 0 where `until` is before."""
    return 12 * (until.year - since.year) + until.month - since.month - (until.day < since.day)


def days_ago(text: str | None, today: date) -> Figure:
    """How many days ago a day was."""
    found = day(text)
    return Figure(Decimal((today - found).days) if found else None, "days")
