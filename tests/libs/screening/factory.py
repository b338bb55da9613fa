"""Persons, requests and lists, of which a test names only what matters to it."""

import gzip
import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from libs.events.message import Event
from libs.events.models import (
    CheckRequested,
    DateOfBirth,
    Gender,
    Individual,
    Name,
    StepResult,
    StepResultCode,
    Task,
    WatchlistPublished,
)
from libs.screening.watchlist import Watchlist, read

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)


def individual(name: str, dob: str | None = None, **fields: Any) -> Individual:
    """A person; the last word of the name is the family name, `aliases` are alternate names."""
    *given, family = name.split(" ") if name else [""]
    return Individual(
        name=Name(givenName=" ".join(given) or None, familyName=family, nameId=fields.get("nameId")),
        alternateNames=[Name(familyName=alias, type="ALIAS") for alias in fields.get("aliases", ())],
        dateOfBirth=DateOfBirth(normalized=dob) if dob else None,
        nationality=fields.get("nationality"),
        countryOfBirth=fields.get("countryOfBirth"),
        gender=Gender(fields["gender"]) if "gender" in fields else None,
    )


def request(name: str = "John Smith", dob: str | None = None, **fields: Any) -> CheckRequested:
    """The request to screen a person."""
    task = Task(
        token="token-1",
        customerId="customer-1",
        entityId="entity-1",
        workflowExecutionId="execution-1",
        requestId="request-1",
        stepName="Screening",
    )
    return CheckRequested(task=task, individual=individual(name, dob, **fields))


def facts(number: int, name: str, **fields: Any) -> dict[str, Any]:
    """One entry of a list file."""
    return {"id": f"ofac-{number}", "schema": "Person", "name": name, "topics": ["sanction"], **fields}


def list_file(*entries: dict[str, Any]) -> bytes:
    """The file of a list."""
    return gzip.compress(b"".join(json.dumps(entry).encode() + b"\n" for entry in entries), mtime=0)


def watchlist(*entries: dict[str, Any], version: str = "1") -> Watchlist:
    """A list of these entries."""
    content = list_file(*entries)
    return read(content, "ofac-sdn", version, hashlib.sha256(content).hexdigest())


def event(published: WatchlistPublished) -> Event:
    """The event that announces a list."""
    return Event("event-1", "watchlist.published", "aml", NOW, published.id, published)


def entry_ids(result: StepResult) -> list[str]:
    """The entries that were hit; none where the step is clear."""
    assert result.outcome.result in (StepResultCode.HIT, StepResultCode.CLEAR)
    return [finding.listing.entryId for finding in result.findings if finding.listing]
