"""Asking the sources: all at once, each for a bounded time."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from libs.events.models import Individual
from services.kyc.sources import Record, Source, SourceAnswer, SourceUnavailable

Elapsed = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Asking:
    """Asks sources; `elapsed` gives seconds since some moment, so that times follow from the time of the request."""

    sources: Sequence[Source]
    patience: timedelta = timedelta(seconds=5)
    elapsed: Elapsed = time.monotonic

    async def ask(self, individual: Individual, now: datetime) -> tuple[list[SourceAnswer], datetime]:
        """The answer of each source that covers the person, in the order of the sources, and when all were there."""
        begun = self.elapsed()
        asked = [source for source in self.sources if source.covers(individual)]
        asking = [asyncio.ensure_future(self._one(source, individual, now, begun)) for source in asked]
        try:
            late = (await asyncio.wait(asking, timeout=self.patience.total_seconds()))[1] if asking else set()
        finally:
            for one in asking:
                one.cancel()  # those that have answered stay as they are
        ended = now + timedelta(seconds=self.elapsed() - begun)
        error = f"no answer within {self.patience.total_seconds():g} s"
        answers = [
            SourceAnswer(source.about, now, ended, error=error) if one in late else one.result()
            for source, one in zip(asked, asking, strict=True)
        ]
        return answers, ended

    async def _one(self, source: Source, individual: Individual, now: datetime, begun: float) -> SourceAnswer:
        started = now + timedelta(seconds=self.elapsed() - begun)
        records: list[Record] = []
        error = None
        try:
            records = await source.lookup(individual)
        except SourceUnavailable as unavailable:
            error = str(unavailable)
        ended = now + timedelta(seconds=self.elapsed() - begun)
        return SourceAnswer(source.about, started, ended, tuple(records), error)
