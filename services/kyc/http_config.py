"""Sources over HTTP as a document: what each holds, and how it is asked."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from libs.events.record import Record
from libs.sources.config import Http
from services.kyc.policy import MatchType
from services.kyc.sources import About


class HttpSourceEntry(Record):
    """A source, as in `data/sources.yaml`, and how it is asked, of `{individual, requestId}`."""

    id: str
    provider: str
    independenceGroup: str
    holds: frozenset[MatchType]
    countries: frozenset[str] = frozenset()
    consent: str | None = None
    fuzziness: str | None = None
    http: Http

    @property
    def about(self) -> About:
        """What the check knows of it."""
        return About(self.id, self.provider, self.independenceGroup, self.holds, self.consent, self.fuzziness)


class SourcesDocument(Record):
    """The sources to ask; with `register` those of the register that comes with the project too."""

    version: str
    register_: Annotated[bool, Field(alias="register")] = False
    sources: tuple[HttpSourceEntry, ...]


def parse(document: Mapping[str, Any]) -> SourcesDocument:
    """The sources in a document; raises ValueError with the path to what is wrong in it."""
    return SourcesDocument.model_validate(document)
