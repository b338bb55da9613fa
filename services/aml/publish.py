"""What the set-up publishes: the list that ships with the service."""

import json
from datetime import UTC, datetime
from pathlib import Path

from libs.events.models import WatchlistPublished

DATA = Path(__file__).parent / "data"
SNAPSHOT = "ofac_sdn"


def published() -> WatchlistPublished:
    """The announcement of the shipped list, as its manifest states it."""
    manifest = json.loads((DATA / f"{SNAPSHOT}.json").read_text())
    return WatchlistPublished(
        id=manifest["id"],
        version=manifest["version"],
        sha256=manifest["sha256"],
        uri=f"package:services/aml/data/{SNAPSHOT}.jsonl.gz",
        entries=manifest["entries"],
        # The list's own date: publishing it twice says the same.
        publishedAt=datetime.fromisoformat(manifest["version"]).replace(tzinfo=UTC),
    )
