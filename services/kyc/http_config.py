"""Sources over HTTP as a document: where each is, with which secrets, and what its questions and answers mean."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import jlens
from pydantic import AfterValidator, Field

from libs.events.record import Record
from services.kyc.policy import MatchType
from services.kyc.sources import About


def _jsonata(text: str) -> str:
    try:
        jlens.Expression(text)
    except jlens.JlensError as error:
        raise ValueError(f"not JSONata: {error}") from None
    return text


Jsonata = Annotated[str, AfterValidator(_jsonata)]
Seconds = Annotated[float, Field(gt=0, le=86_400)]
Count = Annotated[int, Field(ge=1)]
Headers = dict[str, str]


class RateLimit(Record):
    """So many calls within so many seconds; what is over waits."""

    calls: Count
    seconds: Seconds


class Breaker(Record):
    """After so many failures in a row the source is left alone for so many seconds."""

    failures: Count = 5
    seconds: Seconds = 30


class Http(Record):
    """How a source is asked.

    `body` and `query` are JSONata on `{individual, requestId}`; `understood` and `records` on the answer, with
    `$question` being that. `understood` is true of an answer that makes sense: what is not understood is no "no".
    `secretHeaders`: header by name of the environment variable. `notFound`: statuses that mean that nobody is known.
    """

    url: Annotated[str, Field(pattern=r"^https?://[^/]+")]
    method: Literal["GET", "POST"] = "POST"
    headers: Headers = Field(default_factory=dict)
    secretHeaders: Headers = Field(default_factory=dict)
    requestIdHeader: str | None = None
    query: Jsonata | None = None
    body: Jsonata | None = None
    understood: Jsonata
    records: Jsonata
    notFound: tuple[int, ...] = ()
    timeoutSeconds: Seconds = 3
    maxBytes: Count = 65_536
    maxRecords: Count = 20
    rateLimit: RateLimit | None = None
    circuitBreaker: Breaker = Breaker()
    cacheSeconds: Annotated[float, Field(ge=0)] = 600


class HttpSourceEntry(Record):
    """A source, as in `data/sources.yaml`, and how it is asked."""

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

    def secrets(self, environ: Mapping[str, str]) -> dict[str, str]:
        """The secret headers; raises ValueError with the place where the environment lacks one."""
        for header, variable in self.http.secretHeaders.items():
            if not environ.get(variable):
                raise ValueError(f"sources.{self.id}.http.secretHeaders.{header}: the environment has no {variable}")
        return {header: environ[variable] for header, variable in self.http.secretHeaders.items()}


class SourcesDocument(Record):
    """The sources to ask; with `register` those of the register that comes with the project too."""

    version: str
    register_: Annotated[bool, Field(alias="register")] = False
    sources: tuple[HttpSourceEntry, ...]


def parse(document: Mapping[str, Any]) -> SourcesDocument:
    """The sources in a document; raises ValueError with the path to what is wrong in it."""
    return SourcesDocument.model_validate(document)
