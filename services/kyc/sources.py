"""A data source that holds something of people, as the check sees it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from libs.events.models import Address, Document, Individual, Name
from services.kyc.policy import MatchType


class SourceUnavailable(Exception):
    """The source cannot answer now."""


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a source: sources of one independence group draw on the same data and count once."""

    id: str
    provider: str
    independenceGroup: str
    holds: frozenset[MatchType]


@dataclass(frozen=True, slots=True)
class Record:
    """What a source holds of one person; `reference` is the source's own."""

    reference: str
    name: Name
    dateOfBirth: str | None = None
    addresses: tuple[Address, ...] = ()
    documents: tuple[Document, ...] = ()


class Source(Protocol):
    """A data source; another provider is another class of this shape."""

    @property
    def about(self) -> About: ...

    def covers(self, individual: Individual) -> bool:
        """Whether asking makes sense: the person's country, and a document number where one is needed."""

    async def lookup(self, individual: Individual) -> list[Record]:
        """The records that might be the person's; raises SourceUnavailable."""


@dataclass(frozen=True, slots=True)
class SourceAnswer:
    """What came of asking one source: its records, or why it could not answer."""

    source: About
    startedAt: datetime
    endedAt: datetime
    records: tuple[Record, ...] = ()
    error: str | None = None
