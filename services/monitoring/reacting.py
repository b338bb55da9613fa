"""A change of a watchlist applied in reverse: whom of those who are watched it is about, each told once."""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import structlog
from nomenklatura.matching.types import ScoringConfig
from sqlalchemy import text

from libs.events.message import Event, derived_id
from libs.events.models import MonitoringAlerted, WatchlistCompared
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
IN_USE_SECONDS = 1.0
_IN_USE = text("SELECT 1")

T = TypeVar("T")

log = structlog.get_logger()


class Reacting:
    """Works out the keys of whoever is new, then the changes that wait, one at a time."""

    def __init__(self, config: ScoringConfig) -> None:
        self._config = config

    async def go_on(self, tx: Transaction) -> bool:
        """One piece of work, whole or not at all; true where there may be more."""
        if new := await store.without_keys(tx.connection, PERSONS):
            subjects = await apart(tx, lambda: [delta.subject(one) for one in new])
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
            refusal = f"{type(error).__name__}: {error}"
            await lists.refuse(tx.connection, change, refusal, tx.now)
            _tell(tx, change, refusal=refusal)
        return True

    async def _react(self, tx: Transaction, change: ListChange) -> None:
        began = time.monotonic()
        before = await lists.entries(tx.connection, change.list_id)
        different = await apart(tx, lambda: _different(change, before))
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
        _tell(tx, change, receipt)
        log.info("watchlist.compared", list=change.list_id, version=change.version, **receipt._asdict())

    async def _compare(
        self, tx: Transaction, some: Sequence[Change], found: dict[Person, Affected], candidates: set[Person]
    ) -> None:
        comparison = await apart(tx, lambda: Comparison(some, self._config))
        wanted = await apart(tx, lambda: [one.wanted for one in some])
        near = await store.candidates(tx.connection, AML, wanted)
        candidates.update(one.person for one in near)
        for one in (await apart(tx, lambda: comparison.affected(near))).values():
            delta.keep(found, one)


async def apart(tx: Transaction, work: Callable[[], T]) -> T:
    """What `work` gives, in a thread of its own; the transaction stays in use: one left idle for long is ended."""
    working = asyncio.create_task(asyncio.to_thread(work))
    while not (await asyncio.wait({working}, timeout=IN_USE_SECONDS))[0]:
        await tx.connection.execute(_IN_USE)
    return working.result()


def _parts(everything: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (everything[begin : begin + size] for begin in range(0, len(everything), size))


def _different(change: ListChange, before: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    listed = facts(fetch(change.uri), change.list_id, change.version, change.sha256)
    return delta.changes(before, {one["id"]: one for one in listed})


def _tell(tx: Transaction, change: ListChange, receipt: Receipt | None = None, refusal: str | None = None) -> None:
    """What came of a change."""
    told = WatchlistCompared(
        listId=change.list_id,
        version=change.version,
        sha256=change.sha256,
        refusal=refusal,
        **(_counted(receipt) if receipt is not None else {}),
        toldAt=change.told_at,
        comparedAt=tx.now,
    )
    id = derived_id(change.sha256, GROUP, change.list_id, change.number, "compared")
    tx.publish(Event(id, "watchlist.compared", GROUP, tx.now, change.list_id, told))


def _counted(receipt: Receipt) -> dict[str, Any]:
    """A receipt as the event names its parts."""
    return {"lookedAt" if name == "looked_at" else name: value for name, value in receipt._asdict().items()}


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
