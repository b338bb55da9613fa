"""Sources as they answered once, so that the check can be made again without asking anybody."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from libs.events.models import CheckRequested, Individual, ProviderCall
from libs.sources.unavailable import SourceUnavailable
from libs.streaming.check import CheckFailed
from services.kyc.sources import About, Answered, Source


@dataclass(frozen=True, slots=True)
class RecordedSource:
    """A source that says what it said then; one of reference data is looked up in it again."""

    source: Source
    call: ProviderCall

    @property
    def about(self) -> About:
        """As it is known now."""
        return self.source.about

    def covers(self, individual: Individual) -> bool:
        """It did then."""
        return True

    async def lookup(self, request: CheckRequested, recorded: str | None = None) -> Answered:
        """Raises SourceUnavailable where it could not answer then."""
        if self.call.result in ("ERROR", "TIMEOUT"):
            raise SourceUnavailable(self.call.error or "", timed_out=self.call.result == "TIMEOUT")
        return await self.source.lookup(request, self.call.answer)


def recorded(sources: Iterable[Source], calls: Sequence[ProviderCall]) -> list[RecordedSource]:
    """The sources of these calls in their order; raises CheckFailed where there is one no more."""
    known = {source.about.id: source for source in sources}
    if gone := [call.source for call in calls if call.source not in known]:
        raise CheckFailed("Check.SourceUnavailable", f"there is no source {', '.join(gone)} any more")
    return [RecordedSource(known[call.source], call) for call in calls]
