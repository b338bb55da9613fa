"""A data source that holds something of people, as the check sees it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from libs.events.models import Address, CheckRequested, Document, Gender, Individual, Name
from services.kyc.policy import MatchType


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a source: sources of one independence group draw on the same data and count once.

    `consent`: without which of the person's consents it may not be called; `fuzziness`: how near is near enough where
    it differs from the policy's default, by name.
    """

    id: str
    provider: str
    independenceGroup: str
    holds: frozenset[MatchType]
    consent: str | None = None
    fuzziness: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """What a source holds of one person; `reference` is the source's own."""

    reference: str
    name: Name
    dateOfBirth: str | None = None
    addresses: tuple[Address, ...] = ()
    documents: tuple[Document, ...] = ()
    gender: Gender | None = None
    otherNames: tuple[Name, ...] = ()


@dataclass(frozen=True, slots=True)
class Answered:
    """The records that might be the person's; `text` is the answer as it came, where it cannot be looked up again."""

    records: tuple[Record, ...] = ()
    text: str | None = None


class Source(Protocol):
    """A data source; another provider is another class of this shape."""

    @property
    def about(self) -> About: ...

    def covers(self, individual: Individual) -> bool:
        """Whether asking makes sense: the person's country, and a document number where one is needed."""

    async def lookup(self, request: CheckRequested, recorded: str | None = None) -> Answered:
        """What the source knows of the person of a request; raises SourceUnavailable.

        `recorded` is the text of its answer once before: that is read again, and nobody asked.
        """


@dataclass(frozen=True, slots=True)
class SourceAnswer:
    """What came of a source: its answer, why there is none, or the consent for want of which it was not asked."""

    source: About
    startedAt: datetime
    endedAt: datetime
    records: tuple[Record, ...] = ()
    text: str | None = None
    error: str | None = None
    timedOut: bool = False
    missingConsent: str | None = None

    @property
    def given(self) -> bool:
        """The source was asked and has answered."""
        return self.error is None and self.missingConsent is None
