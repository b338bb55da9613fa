"""Asking sources: all at once, each for a bounded time, and none without the applicant's consent."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from libs.events.models import CheckRequested
from libs.sources.unavailable import SourceUnavailable
from services.prescreening.identity import application_of
from services.prescreening.judging.consent import Agreed, lack
from services.prescreening.sources.answers import SourceAnswer
from services.prescreening.sources.port import About, Source, country_of

R = TypeVar("R")
Elapsed = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Asking(Generic[R]):
    """Asks sources; `elapsed` gives seconds since some moment, so that times follow from the time of the request."""

    sources: Sequence[Source[R]]
    patience: timedelta = timedelta(seconds=5)
    elapsed: Elapsed = time.monotonic

    async def ask(
        self, request: CheckRequested, consents: Mapping[str, Agreed], now: datetime
    ) -> list[SourceAnswer[R]]:
        """What came of each source that covers the applicant's country, in their order; `consents` are the policy's."""
        application = application_of(request)
        country = country_of(request, application)
        covering = [one for one in self.sources if not one.about.countries or country in one.about.countries]
        begun = self.elapsed()

        async def one(source: Source[R]) -> SourceAnswer[R]:
            kind = source.about.consent
            lacks = lack(kind, application.consents, consents, now) if kind else None
            if lacks is not None:
                return SourceAnswer(source.about, now, now, lacks=lacks)
            return await self._answer(source.about, source.ask(request), now, begun)

        return list(await asyncio.gather(*(one(source) for source in covering)))

    async def _answer(
        self, about: About, asked: Awaitable[tuple[Sequence[R], str | None]], now: datetime, begun: float
    ) -> SourceAnswer[R]:
        try:
            records, text = await asyncio.wait_for(asked, self.patience.total_seconds())
        except SourceUnavailable as unavailable:
            ended = now + timedelta(seconds=self.elapsed() - begun)
            return SourceAnswer(about, now, ended, error=str(unavailable), timedOut=unavailable.timed_out)
        except TimeoutError:
            ended = now + timedelta(seconds=self.elapsed() - begun)
            error = f"no answer within {self.patience.total_seconds():g} s"
            return SourceAnswer(about, now, ended, error=error, timedOut=True)
        return SourceAnswer(about, now, now + timedelta(seconds=self.elapsed() - begun), tuple(records), text)
