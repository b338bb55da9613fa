"""What a step of the check is made of: its name, its policy, what it gathers and how it judges."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy.ext.asyncio import AsyncEngine

from libs.blobs.port import Blobs
from libs.events.models import CheckRequested
from services.prescreening.policy import Policy
from services.prescreening.rules import Verdict
from services.prescreening.sources.assembly import Sources
from services.prescreening.statements.reader import Reader

Gathered = TypeVar("Gathered")


@dataclass(slots=True)
class Means:
    """What gathering may use; a store or a database is None where the environment names none."""

    blobs: Blobs | None = None
    engine: AsyncEngine | None = None
    sources: Sources | None = None
    reader: Reader = field(default_factory=Reader)


def as_it_is(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The YAML itself."""
    return document


@dataclass(frozen=True, slots=True)
class Part(Generic[Gathered]):
    """One step: `policy` is the name of its YAML under `policies/`.

    `gather` does the I/O; an outage is CheckFailed("Check.SourceUnavailable", …) or OSError, never a verdict. `judge`
    is pure. `read` makes of the YAML what the rules go by, and raises ValueError with the path to what is wrong.
    """

    policy: str
    gather: Callable[[CheckRequested, Means, Policy, datetime], Awaitable[Gathered]]
    judge: Callable[[CheckRequested, Gathered, Policy, datetime], Verdict]
    read: Callable[[Mapping[str, Any]], Any] = as_it_is


async def nothing(request: CheckRequested, means: Means, policy: Policy, now: datetime) -> None:
    """For a step that needs no more than the request."""
