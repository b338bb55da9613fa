"""The queue: pages of cases by view, in the order of due time, and how many there are, up to a bound."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

PAGE = 50
# More are not counted.
MOST = 1000

NEW, MINE, SECOND, APPLICANT, OVERDUE, OPEN, DONE = VIEWS = (
    *("new", "mine", "second", "applicant", "overdue", "open", "done"),
)
# Each is what an index of the table holds.
_WHERE = {
    NEW: "status = 'OPEN' AND assignee IS NULL",
    MINE: "status IN ('OPEN', 'AWAITING_APPLICANT') AND assignee = :me",
    SECOND: "status = 'AWAITING_SECOND'",
    APPLICANT: "status = 'AWAITING_APPLICANT'",
    OVERDUE: "decided_at IS NULL AND due_at < :now",
    OPEN: "decided_at IS NULL",
    DONE: "decided_at IS NOT NULL",
}
_COLUMNS = "case_id, entity_id, customer_id, name, status, round, risk, assignee, opened_at, due_at, decided_at, " \
    "document->>'decision' AS decision"  # fmt: skip


class Filters(NamedTuple):
    """What is asked for besides the view: a level of risk, and what was typed as beginnings of words."""

    risk: str | None = None
    words: tuple[str, ...] = ()


class Place(NamedTuple):
    """Where a page goes on: behind this case."""

    at: datetime
    case_id: str


class Line(NamedTuple):
    """A case as the queue shows it."""

    case_id: str
    entity_id: str
    customer_id: str
    name: str
    status: str
    round: int
    risk: str | None
    assignee: str | None
    opened_at: datetime
    due_at: datetime | None
    decided_at: datetime | None
    decision: str | None

    @property
    def at(self) -> datetime | None:
        """By what it stands in its place."""
        return self.decided_at or self.due_at


async def page(
    connection: AsyncConnection, view: str, me: str, now: datetime, filters: Filters, after: Place | None = None
) -> list[Line]:
    """A page of a view, with one case more than it shows where there is a next page."""
    order, direction, sort = ("decided_at", "<", "DESC") if view == DONE else ("due_at", ">", "ASC")
    where = [_WHERE[view], *_filtered(filters)]
    asked = {"me": me, "now": now, "risk": filters.risk, "words": list(filters.words), "at_most": PAGE + 1}
    if after is not None:
        where.append(f"({order}, case_id) {direction} (:at, :after)")
        asked |= {"at": after.at, "after": after.case_id}
    found = text(
        f"SELECT {_COLUMNS} FROM cases WHERE {' AND '.join(where)} "
        f"ORDER BY {order} {sort}, case_id {sort} LIMIT :at_most"
    )
    return [Line(*row) for row in await connection.execute(found, asked)]


async def counts(connection: AsyncConnection, me: str, now: datetime) -> dict[str, int]:
    """How many cases each view has; MOST + 1 stands for more."""
    counted = ", ".join(
        f"(SELECT count(*) FROM (SELECT FROM cases WHERE {where} LIMIT {MOST + 1}) AS few) AS {view}_"
        for view, where in _WHERE.items()
    )
    row = (await connection.execute(text(f"SELECT {counted}"), {"me": me, "now": now})).one()
    return {view: getattr(row, f"{view}_") for view in VIEWS}


def _filtered(filters: Filters) -> Sequence[str]:
    return [
        *(["risk = :risk"] if filters.risk else []),
        *(["found_by @> CAST(:words AS text[])"] if filters.words else []),
    ]
