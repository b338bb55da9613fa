"""How long a name is locked after failures to log in with it: pure, and the same whether anybody has the name."""

from dataclasses import dataclass
from datetime import datetime, timedelta

FREE = 5  # tries that fail before there is a wait
FIRST, LONGEST = timedelta(seconds=30), timedelta(minutes=15)
FORGOTTEN = timedelta(days=1)  # after the last failure


@dataclass(frozen=True, slots=True)
class Tries:
    """Failures in a row with one name."""

    failures: int
    last_at: datetime
    locked_until: datetime | None = None

    def locked(self, now: datetime) -> timedelta | None:
        """How long the name is still locked; None where it is not."""
        return self.locked_until - now if self.locked_until is not None and self.locked_until > now else None

    def another(self, now: datetime) -> "Tries":
        """With one more, counted as a failure until it turns out to be none."""
        failures = 1 if now - self.last_at > FORGOTTEN else self.failures + 1
        wait = backoff(failures)
        return Tries(failures, now, now + wait if wait else None)


def backoff(failures: int) -> timedelta:
    """The wait after so many failures in a row: none, then 30 s, and twice as long each time, up to 15 minutes."""
    if failures < FREE:
        return timedelta(0)
    doubled: int = 2 ** min(failures - FREE, 16)
    return min(FIRST * doubled, LONGEST)
