"""The check as the stream runs it: screening against the lists that were last published."""

import hashlib
import json
import os
from collections.abc import Mapping
from datetime import datetime
from importlib import metadata
from pathlib import Path

import structlog
from nomenklatura.matching.types import ScoringConfig

from libs import screening
from libs.events.message import Event
from libs.events.models import CheckRequested, ReferenceVersion, StepResult, WatchlistPublished
from libs.screening.files import fetch
from libs.screening.index import Index
from libs.screening.matching import matcher, warm_up
from libs.screening.watchlist import WatchlistRefused, read
from libs.streaming.check import Check, CheckFailed
from services.aml import freshness
from services.aml.rules import screen

log = structlog.get_logger()


class Watchlists:
    """The newest version of each list; a new one is built aside and then takes the place of the old."""

    topic = "watchlist.published"

    def __init__(self, config: ScoringConfig) -> None:
        self.lists: Mapping[str, Index] = {}
        self.refused: Mapping[str, str] = {}
        self.confirmed: Mapping[str, datetime] = {}
        self._config = config

    def apply(self, event: Event) -> None:
        """Load what was published; where it is refused the old version stays, and the refusal is told."""
        published = event.data
        assert isinstance(published, WatchlistPublished)
        try:
            self.load(published)
        except WatchlistRefused as refusal:
            self.refused = {**self.refused, published.id: str(refusal)}
            log.error("watchlist.refused", list=published.id, version=published.version, cause=str(refusal))

    def load(self, published: WatchlistPublished) -> None:
        """Build the index of a list and put it in the place of the older one; raises WatchlistRefused."""
        confirmed = {**self.confirmed, published.id: published.checkedAt or published.publishedAt}
        lists = self.lists if self._has(published) else self._with(published)
        self.confirmed = confirmed
        self.lists = lists
        self.refused = {id: cause for id, cause in self.refused.items() if id != published.id}

    def _with(self, published: WatchlistPublished) -> Mapping[str, Index]:
        watchlist = read(fetch(published.uri), published.id, published.version, published.sha256)
        index = Index(watchlist)
        warm_up(index, self._config)
        log.info("watchlist.loaded", list=watchlist.id, version=watchlist.version, entries=len(watchlist.entries))
        return {**self.lists, published.id: index}

    def _has(self, published: WatchlistPublished) -> bool:
        index = self.lists.get(published.id)
        if index is None:
            return False
        return (index.watchlist.version, index.watchlist.sha256) == (published.version, published.sha256.lower())


def matcher_version() -> ReferenceVersion:
    """What screens: the libraries' versions, and the hash of the project's own part."""
    libraries = ", ".join(f"{name} {metadata.version(name)}" for name in ("nomenklatura", "rigour", "rapidfuzz"))
    places = Path(__file__).parent, Path(screening.__file__ or "").parent
    own = b"".join(path.read_bytes() for place in places for path in sorted(place.glob("*.py")))
    return ReferenceVersion(id="matcher/aml", version=libraries, sha256=hashlib.sha256(own).hexdigest())


def check(environ: Mapping[str, str] = os.environ) -> Check:
    """The check `aml`: it cannot be made before a list is there, or where one is older than the policy has it."""
    config, version = matcher(), matcher_version()
    policy = freshness.read(Path(environ.get("AML_LISTS") or freshness.SHIPPED))
    watchlists = Watchlists(config)

    async def answer(request: CheckRequested, now: datetime) -> StepResult:
        lists = watchlists.lists
        if not lists:
            cause = "; ".join(["no watchlist is loaded", *watchlists.refused.values()])
            raise CheckFailed("Check.SourceUnavailable", cause)
        if behind := _behind(lists, request.settings):
            raise CheckFailed("Check.ListNotLoaded", behind)
        ages = {id: freshness.age(watchlists.confirmed[id], now) for id in lists}
        if stale := policy.stale(ages):
            raise CheckFailed("Check.SourceUnavailable", stale)
        return screen(request, [lists[id] for id in sorted(lists)], config, now, version, ages)

    return Check(name="aml", answer=answer, references=(watchlists,), repeatable=True)


def _behind(lists: Mapping[str, Index], settings: Mapping[str, str]) -> str:
    """Which list is not loaded yet in the version that is asked for by `listVersions`, as JSON, or in a later one."""
    try:
        asked = dict(json.loads(settings.get("listVersions", "{}")))
    except (ValueError, TypeError) as error:
        raise CheckFailed("Check.BadSettings", f"listVersions: {error}") from error
    missing = [id for id, version in asked.items() if id not in lists or lists[id].watchlist.version < str(version)]
    return ", ".join(f"{id} {asked[id]} is not loaded yet" for id in missing)
