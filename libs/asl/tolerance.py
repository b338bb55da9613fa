"""Tolerated failures: how many items of a distributed Map may fail before the Map does."""

from dataclasses import dataclass
from typing import Any

from libs.asl import errors
from libs.asl.errors import StateFailure
from libs.asl.fields import Fields
from libs.asl.map_numbers import read_percentage, read_whole_number
from libs.asl.scope import Evaluator, Scope


@dataclass(frozen=True, slots=True)
class Tolerance:
    """At most so many items, at most such a part of them; None means that it does not matter."""

    count: int | None
    percentage: float | None

    def exceeded(self, failed: int, items: int) -> bool:
        """More items have failed than may."""
        if self.count is None and self.percentage is None:
            return failed > 0
        if self.count is not None and failed > self.count:
            return True
        return self.percentage is not None and failed * 100 > self.percentage * items


def read_tolerance(fields: Fields) -> Evaluator:
    """The fields that say which failures are tolerated."""
    count = read_whole_number(fields, "ToleratedFailureCount", None)
    percentage = read_percentage(fields, "ToleratedFailurePercentage")

    def tolerance(value: Any, scope: Scope) -> Tolerance:
        return Tolerance(count(value, scope), percentage(value, scope))

    return tolerance


def threshold_exceeded() -> StateFailure:
    """The Map run fails for its items."""
    cause = "The specified tolerated failure threshold was exceeded"
    return StateFailure(errors.EXCEED_TOLERATED_FAILURE_THRESHOLD, cause)
