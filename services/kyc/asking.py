"""Asking the sources: all at once, each for a bounded time."""

import asyncio
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from libs.events.models import CheckRequested
from libs.sources.unavailable import SourceUnavailable
from services.kyc.sources import Answered, Source, SourceAnswer

Elapsed = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Asking:
    """Asks sources; `elapsed` gives seconds since some moment, so that times follow from the time of the request."""

    sources: Sequence[Source]
    patience: timedelta = timedelta(seconds=5)
    elapsed: Elapsed = time.monotonic

    async def ask(
        self, request: CheckRequested, chosen: Collection[str] | None, now: datetime
    ) -> tuple[list[SourceAnswer], datetime]:
        """What came of each of the chosen sources that cover the person, in their order, and when all were there."""
        begun, patience = self.elapsed(), self.patience.total_seconds()
        concerned = [
            source
            for source in self.sources
            if (chosen is None or source.about.id in chosen) and source.covers(request.individual)
        ]
        asking = {
            source.about.id: asyncio.ensure_future(self._one(source, request, now, begun))
            for source in concerned
            if not _missing_consent(source, request)
        }
        try:
            late = (await asyncio.wait(asking.values(), timeout=patience))[1] if asking else set()
        finally:
            for one in asking.values():
                one.cancel()  # those that have answered stay as they are
        ended = now + timedelta(seconds=self.elapsed() - begun)
        answers = []
        for source in concerned:
            task = asking.get(source.about.id)
            if task is None:
                answers.append(SourceAnswer(source.about, now, now, missingConsent=source.about.consent))
            elif task in late:
                error = f"no answer within {patience:g} s"
                answers.append(SourceAnswer(source.about, now, ended, error=error, timedOut=True))
            else:
                answers.append(task.result())
        return answers, ended

    async def _one(self, source: Source, request: CheckRequested, now: datetime, begun: float) -> SourceAnswer:
        started = now + timedelta(seconds=self.elapsed() - begun)
        answered = Answered()
        error, timed_out = None, False
        try:
            answered = await source.lookup(request)
        except SourceUnavailable as unavailable:
            error, timed_out = str(unavailable), unavailable.timed_out
        ended = now + timedelta(seconds=self.elapsed() - begun)
        return SourceAnswer(source.about, started, ended, answered.records, answered.text, error, timed_out)


def _missing_consent(source: Source, request: CheckRequested) -> bool:
    return source.about.consent is not None and source.about.consent not in request.individual.consents
