"""What was tried of each delivery, and what came of it: the table, and what is said to PostgreSQL of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Column, DateTime, Float, ForeignKey, Integer, MetaData, RowMapping, Table, Text, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import TypeEngine

from libs.delivery.retrying import Next
from libs.delivery.sending import Answer

STATES = PENDING, DELIVERED, REFUSED, PARKED = ("PENDING", "DELIVERED", "REFUSED", "PARKED")
ENDED = (DELIVERED, REFUSED, PARKED)
# A claimed delivery is due again after this long, should the instance that tries it die.
LEASE = timedelta(seconds=60)
# What has come to an end is kept this long, for the log.
KEPT = timedelta(days=30)


def attempts_table(name: str, metadata: MetaData, deliveries: str, id_type: TypeEngine[int] | TypeEngine[str]) -> Table:
    """The attempts of the deliveries of a table, whose key is `id`."""
    return Table(
        name,
        metadata,
        Column("delivery_id", id_type, ForeignKey(f"{deliveries}.id", ondelete="CASCADE"), primary_key=True),
        Column("number", Integer, primary_key=True, autoincrement=False),
        Column("at", DateTime(timezone=True), nullable=False),
        Column("seconds", Float, nullable=False),
        Column("status", Integer, comment="HTTP's; null where there was no answer"),
        Column("error", Text),
    )


class Log:
    """The deliveries of a table, with `state`, `attempts`, `due_at` and `ended_at`, and their attempts."""

    def __init__(self, deliveries: str, attempts: str, forgotten: Sequence[str] = ENDED) -> None:
        """Of what has come to an end in one of the `forgotten` states nothing is kept for long."""
        self._forgotten = list(forgotten)
        self._tried = text(f"""
            INSERT INTO {attempts} (delivery_id, number, at, seconds, status, error)
            SELECT id, attempts, :now, :seconds, :status, :error FROM {deliveries} WHERE id = :id
            ON CONFLICT DO NOTHING""")
        self._next = text(f"""
            UPDATE {deliveries} SET state = :state, due_at = coalesce(:due, due_at),
                ended_at = CASE WHEN :state = 'PENDING' THEN NULL ELSE CAST(:now AS timestamptz) END
            WHERE id = :id AND state = 'PENDING'""")
        self._forget = text(f"DELETE FROM {deliveries} WHERE state = ANY (:states) AND ended_at < :before")
        self._depth = text(f"SELECT state, count(*) AS deliveries FROM {deliveries} GROUP BY state")
        self._attempts = text(f"SELECT * FROM {attempts} WHERE delivery_id = :id ORDER BY number")

    async def tried(
        self, connection: AsyncConnection, id: int | str, answer: Answer, next: Next, now: datetime
    ) -> bool:
        """Note an attempt and what follows from it; false where the delivery had come to an end meanwhile."""
        told = {"seconds": answer.seconds, "status": answer.status, "error": answer.error}
        await connection.execute(self._tried, {"id": id, "now": now, **told})
        asked = {"id": id, "state": next.state, "due": next.due_at, "now": now}
        return bool((await connection.execute(self._next, asked)).rowcount)

    async def forget(self, connection: AsyncConnection, now: datetime) -> None:
        """Drop from the log what ended long ago."""
        await connection.execute(self._forget, {"states": self._forgotten, "before": now - KEPT})

    async def depth(self, connection: AsyncConnection) -> dict[str, int]:
        """How many deliveries there are in each state."""
        return {row.state: row.deliveries for row in await connection.execute(self._depth)}

    async def attempts_of(self, connection: AsyncConnection, id: int | str) -> Sequence[RowMapping]:
        """Every attempt of a delivery."""
        return list((await connection.execute(self._attempts, {"id": id})).mappings())
