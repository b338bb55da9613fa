"""What came of asking a source."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from libs.events.models import ProviderCall
from services.prescreening.sources.port import About

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class SourceAnswer(Generic[R]):
    """What came of a source: records, why there are none, or what the consent to ask it lacks."""

    about: About
    startedAt: datetime
    endedAt: datetime
    records: tuple[R, ...] = ()
    text: str | None = None
    error: str | None = None
    timedOut: bool = False
    lacks: str | None = None

    @property
    def given(self) -> bool:
        """The source was asked and has answered."""
        return self.error is None and self.lacks is None

    def call(self, order: int) -> ProviderCall:
        """As evidence."""
        result = "MATCH" if self.records else "NO_MATCH"
        if self.error is not None:
            result = "TIMEOUT" if self.timedOut else "ERROR"
        return ProviderCall(
            name=self.about.provider,
            source=self.about.id,
            order=order,
            result="MISSING_DATA" if self.lacks else result,
            error=self.error or (f"consent: {self.lacks}" if self.lacks else None),
            startedAt=self.startedAt,
            endedAt=self.endedAt,
            answer=self.text,
        )


def calls(*groups: Sequence[SourceAnswer[Any]]) -> list[ProviderCall]:
    """All that was asked, as evidence."""
    return [answer.call(order) for order, answer in enumerate([one for group in groups for one in group], 1)]
