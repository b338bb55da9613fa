"""Running errands, by rounds: those that are due are taken, whom they are about is locked, each is done once."""

from collections.abc import Sequence
from datetime import timedelta

import structlog

from libs.streaming.consumer import is_bug
from libs.streaming.logs import where
from libs.streaming.transaction import Transaction
from services.orchestration import errands, store
from services.orchestration.definitions import Definitions
from services.orchestration.doing import Busy, Doing, Round
from services.orchestration.errand import Errand, Kind

# So many in one transaction, and what follows from them at once in so many rounds.
AT_ONCE = 200
ROUNDS = 4
# An errand that cannot be done, a bug, is left alone for this long; the others go on.
PARKED = timedelta(hours=1)

log = structlog.get_logger()


class Runner:
    """Does what executions want of each other. It waits for no lock, so that nobody who holds others waits for it."""

    def __init__(self, doing: Doing, definitions: Definitions) -> None:
        self._doing = doing
        self._definitions = definitions

    async def run(self, tx: Transaction) -> bool:
        """Run errands that are due, not too many at once; true where there may be more."""
        left = AT_ONCE
        for _ in range(ROUNDS):
            found = await errands.due(tx.connection, tx.now, left)
            if not found or not await self._together(tx, found):
                return False
            left -= len(found)
            if left <= 0:
                break
        return True

    async def _together(self, tx: Transaction, found: Sequence[Errand]) -> int:
        """All in one go, or where one raises each by itself; how many are done."""
        before = len(tx.outgoing)
        try:
            async with tx.connection.begin_nested():
                return await self._round(tx, found)
        except Exception as error:
            if not is_bug(error):
                raise
            del tx.outgoing[before:]
            if len(found) > 1:
                return sum([await self._together(tx, [one]) for one in found])
            (one,) = found
            log.error("errand.parked", execution=one.execution_id, kind=one.kind, error=where(error))
            await errands.park(tx.connection, one, tx.now + PARKED)
            return 0

    async def _round(self, tx: Transaction, found: Sequence[Errand]) -> int:
        round_ = await self._begun(tx, found)
        done = []
        for errand in found:
            try:
                await self._doing.do(round_, errand)
            except Busy:
                continue
            done.append(errand)
        await store.save(tx.connection, round_.changed.values(), tx.now)
        await errands.done(tx.connection, done)
        return len(done)

    async def _begun(self, tx: Transaction, found: Sequence[Errand]) -> Round:
        """Whoever is there, and not locked by now, is somebody else's at this moment."""
        keys = {one.key for one in found}
        items = [one for one in found if one.kind is Kind.ITEM]
        known = await store.lock_free(tx.connection, keys)
        by = {(one.customer_id, one.by_id) for one in items}
        origins = await store.origins(tx.connection, by | (keys - known.keys()))
        await self._definitions.refresh(tx.connection, tx.now, {tuple(one.document["workflow"]) for one in items})
        hashes = {one.definition_hash for one in known.values()} | {one.definition_hash for one in origins.values()}
        await self._definitions.load(tx.connection, hashes)
        return Round(tx, known, origins)
