"""What a check is: a request comes in, its answer goes out, and nothing is kept in between."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from libs.events.message import Event
from libs.events.models import CheckRequested, ProviderCall, ReferenceVersion, StepResult

PROVIDER = "vetstream"
Answer = Callable[[CheckRequested, datetime], Awaitable[StepResult]]
Again = Callable[[StepResult], Answer]


class CheckFailed(Exception):
    """The check could not be made; `error` is the name that the workflow's Retry and Catch see.

    `found` is what was found before that, an outcome of ERROR: the sources that were asked, and what some of them said.
    """

    def __init__(self, error: str, cause: str, found: StepResult | None = None) -> None:
        super().__init__(cause)
        self.error = error
        self.cause = cause
        self.found = found


def with_provider(check: str, result: StepResult) -> StepResult:
    """The result of a check; one that asks nobody else is its own provider."""
    if result.providers:
        return result
    own = ProviderCall(
        name=PROVIDER,
        source=check,
        order=1,
        result=result.outcome.result.value,
        startedAt=result.startedAt,
        endedAt=result.endedAt,
    )
    return result.model_copy(update={"providers": [own]})


class Reference(Protocol):
    """Reference data kept in memory from a compacted topic, read whole by every process."""

    topic: str

    def apply(self, event: Event) -> None:
        """Take in the newest record of a key."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its name is that of its two topics; `answer` is given the request and the time.

    `at_once`: how many requests may wait for their sources together; a check that only computes takes one by one.
    `repeatable`: the answer follows from the request and the references alone, so that it can be made again any time.
    `pins`: what every answer rests on besides. `again`: judges anew what its sources are recorded to have answered.
    """

    name: str
    answer: Answer
    references: Sequence[Reference] = ()
    timeout: timedelta = timedelta(seconds=10)
    at_once: int = 1
    repeatable: bool = False
    pins: Sequence[ReferenceVersion] = ()
    again: Again | None = None
