"""Debts by how late they are."""

from collections.abc import Iterable

# The name of each bucket and the most days late within it; what is not late is in none.
BUCKETS = {"arrears.1-30": 30, "arrears.31-60": 60, "arrears.61-90": 90}
OVER = "arrears.over-90"


def in_bucket(days_late: Iterable[int]) -> dict[str, int]:
    """How many debts there are in each bucket."""
    found = dict.fromkeys((*BUCKETS, OVER), 0)
    for late in days_late:
        if late > 0:
            found[next((name for name, most in BUCKETS.items() if late <= most), OVER)] += 1
    return found
