"""How a source over HTTP is asked, as a document: where it is, with which secrets, and what its answers mean."""

from collections.abc import Mapping
from typing import Annotated, Literal

import jlens
from pydantic import AfterValidator, Field

from libs.events.record import Record


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

    `body` and `query` are JSONata on the question, which has a `requestId`; `understood` and `records` on the answer,
    with `$question` being that. `understood` is true of an answer that makes sense: what is not understood is no "no".
    `secretHeaders`: header by name of the environment variable. `notFound`: statuses that mean that nobody is known.
    `attempts`: how often it is asked within its time, under the same request id, where it fails or is too busy.
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
    attempts: Annotated[int, Field(ge=1, le=10)] = 1
    maxBytes: Count = 65_536
    maxRecords: Count = 20
    rateLimit: RateLimit | None = None
    circuitBreaker: Breaker = Breaker()
    cacheSeconds: Annotated[float, Field(ge=0)] = 600

    def secrets(self, place: str, environ: Mapping[str, str]) -> dict[str, str]:
        """The secret headers; raises ValueError with the place where the environment lacks one."""
        for header, variable in self.secretHeaders.items():
            if not environ.get(variable):
                raise ValueError(f"{place}.secretHeaders.{header}: the environment has no {variable}")
        return {header: environ[variable] for header, variable in self.secretHeaders.items()}
