"""Retry: after which errors a state is tried again, how often, and after how long."""

from dataclasses import dataclass

from libs.asl.error_equals import check_all_is_last, read_error_equals
from libs.asl.fields import Fields
from libs.asl.seeded import fraction

_MOST = 99_999_999
_MAX_DELAY = 31_622_400


@dataclass(frozen=True, slots=True)
class Retrier:
    """One entry of Retry."""

    error_equals: frozenset[str]
    interval_seconds: int
    max_attempts: int
    backoff_rate: float
    max_delay_seconds: int | None
    full_jitter: bool

    def delay(self, attempts: int, seed: str) -> float:
        """How many seconds to wait, after so many attempts by this retrier, before the next one."""
        ceiling = self.max_delay_seconds or _MOST
        try:
            seconds = min(self.interval_seconds * self.backoff_rate**attempts, ceiling)
        except OverflowError:
            seconds = ceiling
        return seconds * fraction(seed) if self.full_jitter else seconds


def read_retriers(fields: Fields) -> tuple[Retrier, ...]:
    """The Retry field of a state."""
    listed = fields.objects("Retry")
    retriers = tuple(_read_retrier(entry) for entry in listed)
    check_all_is_last(listed, [retrier.error_equals for retrier in retriers])
    return retriers


def _read_retrier(fields: Fields) -> Retrier:
    jitter = fields.text("JitterStrategy", "NONE")
    if jitter not in ("FULL", "NONE"):
        fields.problem('"JitterStrategy" must be "FULL" or "NONE"')
    retrier = Retrier(
        error_equals=read_error_equals(fields),
        interval_seconds=fields.integer("IntervalSeconds", 1, 1, _MOST) or 1,
        max_attempts=fields.integer("MaxAttempts", 0, 3, _MOST) or 0,
        backoff_rate=fields.number("BackoffRate", 1.0, 2.0),
        max_delay_seconds=fields.integer("MaxDelaySeconds", 1, most=_MAX_DELAY),
        full_jitter=jitter == "FULL",
    )
    fields.finish()
    return retrier
