"""A change of a watchlist applied in reverse: whom of those who are watched it is about, each told once."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

import structlog
from nomenklatura.matching.types import ScoringConfig

from libs.events.message import Event, derived_id
from libs.events.models import MonitoringAlerted
from libs.screening.files import fetch
from libs.screening.watchlist import WatchlistRefused, facts
from libs.streaming.transaction import Transaction
from services.monitoring import delta, lists, store
from services.monitoring.delta import Affected, Change, Comparison
from services.monitoring.lists import ListChange, Receipt
from services.monitoring.watched import Person

GROUP = "monitoring"
AML = "AML"
# Persons whose keys are worked out in one go, and entries that are compared together.
PERSONS, ENTRIES = 500, 200

T = TypeVar("T")

log = structlog.get_logger()


class Reacting:
    """Works out the keys of whoever is new, then the changes that wait, one at a time."""

    def __init__(self, config: ScoringConfig) -> None:
        self._config = config

    async def go_on(self, tx: Transaction) -> bool:
        """One piece of work, whole or not at all; true where there may be more."""
        if new := await store.without_keys(tx.connection, PERSONS):
            subjects = await asyncio.to_thread(lambda: [delta.subject(one) for one in new])
            await store.keep_keys(tx.connection, [one.person for one in new], subjects)
            return True
        if not await lists.alone(tx.connection) or (change := await lists.next_change(tx.connection)) is None:
            return False
        if await store.any_without_keys(tx.connection):
            return False
        try:
            await self._react(tx, change)
        except (WatchlistRefused, KeyError, TypeError, ValueError) as error:
            log.error("watchlist.refused", list=change.list_id, version=change.version, cause=str(error))
            await lists.refuse(tx.connection, change, f"{type(error).__name__}: {error}", tx.now)
        return True

    async def _react(self, tx: Transaction, change: ListChange) -> None:
        began = time.monotonic()
        before = await lists.entries(tx.connection, change.list_id)
        different = await asyncio.to_thread(_different, change, before)
        looked_at, skipped = await store.watched_for(tx.connection, AML)
        found: dict[Person, Affected] = {}
        candidates: set[Person] = set()
        for some in _parts(different if looked_at else [], ENTRIES):
            await self._compare(tx, [delta.change(*one) for one in some], found, candidates)
        for one in found.values():
            await _alert(tx, change, one)
        gone = [id for id, _, after in different if after is None]
        await lists.put(tx.connection, change.list_id, {id: after for id, _, after in different if after}, gone)
        added = sum(old is None for _, old, _ in different)
        receipt = Receipt(
            added, len(different) - added - len(gone), len(gone), looked_at, len(candidates), len(found), skipped,
            round(time.monotonic() - began, 3),
        )  # fmt: skip
        await lists.done(tx.connection, change, receipt, tx.now)
        log.info("watchlist.compared", list=change.list_id, version=change.version, **receipt._asdict())

    async def _compare(
        self, tx: Transaction, some: Sequence[Change], found: dict[Person, Affected], candidates: set[Person]
    ) -> None:
        comparison = await asyncio.to_thread(Comparison, some, self._config)
        wanted = await asyncio.to_thread(lambda: [one.wanted for one in some])
        near = await store.candidates(tx.connection, AML, wanted)
        candidates.update(one.person for one in near)
        for part in _parts(near, PERSONS):
            for one in (await asyncio.to_thread(comparison.affected, part)).values():
                delta.keep(found, one)


def _parts(everything: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (everything[begin : begin + size] for begin in range(0, len(everything), size))


def _different(change: ListChange, before: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    listed = facts(fetch(change.uri), change.list_id, change.version, change.sha256)
    return delta.changes(before, {one["id"]: one for one in listed})


REASONS = {
    delta.LISTED: "{entry} was added to {list} {version}.",
    delta.LISTING_CHANGED: "What {list} says of {entry} has changed with {version}.",
    delta.DELISTED: "{entry} is no more on {list} from {version} on.",
}


async def _alert(tx: Transaction, change: ListChange, one: Affected) -> None:
    customer, entity = one.candidate.person
    reason = REASONS[one.kind].format(entry=one.entry_id, list=change.list_id, version=change.version)
    alert = MonitoringAlerted(
        alertId=derived_id(change.sha256, GROUP, change.list_id, change.number, customer, entity),
        customerId=customer,
        entityId=entity,
        entityVersion=one.candidate.entity_version,
        individual=one.candidate.individual,
        monitoringType=AML,
        kind=one.kind,
        reason=reason,
        listId=change.list_id,
        listVersion=change.version,
        entryId=one.entry_id,
        requestedBy=GROUP,
        raisedAt=tx.now,
    )
    await store.note(tx.connection, alert)
    tx.publish(Event(alert.alertId, "monitoring.alerted", GROUP, tx.now, f"{customer}:{entity}", alert))
