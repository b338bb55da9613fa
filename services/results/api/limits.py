"""How many requests a key may send: so many a minute, as fast as it likes until they are used up (GCRA).

The headers are those of draft-ietf-httpapi-ratelimit-headers; each instance of the API counts for itself.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

WINDOW = 60.0


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left to a key; `retry_after`: seconds until it may ask again, where it may not now."""

    per_minute: int
    remaining: int
    reset: int
    retry_after: int | None

    @property
    def headers(self) -> dict[str, str]:
        told = {
            "RateLimit-Policy": f"{self.per_minute};w={WINDOW:.0f}",
            "RateLimit-Limit": str(self.per_minute),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset),
        }
        return told if self.retry_after is None else {**told, "Retry-After": str(self.retry_after)}


class Limits:
    """For each key the time at which all that it has used is given back."""

    def __init__(self, timer: Callable[[], float]) -> None:
        self._timer = timer
        self._free_at: dict[str, float] = {}

    def take(self, key_id: str, per_minute: int) -> Allowance:
        """Count one request."""
        now, each = self._timer(), WINDOW / per_minute
        used = max(self._free_at.get(key_id, now) - now, 0.0) + each
        # Half of one request's share is left to the rounding of floats.
        if used > WINDOW + each / 2:
            wait = math.ceil(used - WINDOW)
            return Allowance(per_minute, 0, wait, max(wait, 1))
        self._free_at[key_id] = now + used
        return Allowance(per_minute, max(int((WINDOW - used) / each + 0.5), 0), math.ceil(used), None)
