"""What an answer means, and when a delivery is tried again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)
TRIED_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Answers:
    """Which of HTTP's statuses acknowledge, and which end the retries; anything else is tried again."""

    acknowledge: frozenset[int]
    refuse: frozenset[int]


@dataclass(frozen=True, slots=True)
class Next:
    """The state of a delivery after an attempt, and when it is due again."""

    state: str
    due_at: datetime | None = None


def after(answers: Answers, status: int | None, tried_since: datetime, now: datetime, chance: float) -> Next:
    """What follows from an attempt; `status` is None where nobody answered, `chance` from 0 to 1."""
    if status in answers.acknowledge:
        return Next("DELIVERED")
    if status in answers.refuse:
        return Next("REFUSED")
    due = now + pause(now - tried_since, chance)
    return Next("PARKED") if due > tried_since + TRIED_FOR else Next("PENDING", due)


def pause(tried_for: timedelta, chance: float) -> timedelta:
    """As long as it was tried for, which is twice as long each time, up to an hour; half is left to chance, so that
    many do not come back at once."""
    return min(max(tried_for, FIRST_PAUSE), LONGEST_PAUSE) * (0.5 + chance / 2)
