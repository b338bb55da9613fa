"""Cases in PostgreSQL: loaded, locked and saved by the batch, and what was done to each."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias

import orjson
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.events.models import CheckRequested, Individual, StepOutcome
from services.review.case import CLOSED, DECIDED, Case
from services.review.finding import beginnings, name_of
from services.review.rules import Hits, Told

Key: TypeAlias = tuple[str, str]
"""Customer and case."""

_LOCK = text("""
    SELECT document::text AS document FROM cases WHERE (customer_id, case_id) IN
        (SELECT * FROM unnest(CAST(:customers AS text[]), CAST(:ids AS text[])))
    ORDER BY case_id FOR UPDATE""")
_ONE = text("""
    SELECT document::text AS document, name FROM cases WHERE case_id = :id""")
_DUE = text("""
    SELECT document::text AS document FROM cases WHERE wakes_at <= :now
    ORDER BY wakes_at LIMIT :at_most FOR UPDATE SKIP LOCKED""")
_SAVE = text("""
    UPDATE cases SET status = :status, round = :round, sequence = :sequence, assignee = :assignee, risk = :risk,
        due_at = :due_at, wakes_at = :wakes_at, document = CAST(:document AS json),
        decided_at = CASE WHEN :over THEN coalesce(decided_at, :now) END
    WHERE customer_id = :customer AND case_id = :id""")
_OPEN = text("""
    INSERT INTO cases (customer_id, case_id, execution_id, entity_id, name, found_by, status, round, sequence, assignee,
                       risk, opened_at, due_at, wakes_at, document)
    VALUES (:customer, :id, :execution, :entity, '', '{}', :status, :round, :sequence, :assignee, :risk,
            :opened_at, :due_at, :wakes_at, CAST(:document AS json))""")
_KNOW = text("""
    UPDATE cases SET name = :name, found_by = CAST(:found_by AS text[])
    WHERE customer_id = :customer AND case_id = :id""")
_ROUND = text("""
    INSERT INTO rounds (customer_id, case_id, round, asked_at, individual, evidence)
    VALUES (:customer, :id, :round, :now, CAST(:individual AS json), CAST(:evidence AS json))
    ON CONFLICT (customer_id, case_id, round) DO UPDATE SET evidence = excluded.evidence""")
_ROUNDS = text("""
    SELECT round, asked_at, individual::text AS individual, evidence::text AS evidence FROM rounds
    WHERE customer_id = :customer AND case_id = :id ORDER BY round""")
_CHANGE = text("""
    INSERT INTO changes (customer_id, case_id, sequence, kind, changed_by, changed_at, told, detail)
    VALUES (:customer, :id, :sequence, :kind, :by, :at, CAST(:told AS json), CAST(:detail AS json))""")
_CHANGES = text("""
    SELECT sequence, kind, changed_by, changed_at, told::text AS told, detail::text AS detail FROM changes
    WHERE customer_id = :customer AND case_id = :id ORDER BY sequence""")
_EARLIER = text("""
    SELECT case_id, status, opened_at, decided_at, document->>'decision' AS decision FROM cases
    WHERE customer_id = :customer AND entity_id = :entity AND case_id <> :id ORDER BY opened_at DESC LIMIT 50""")
_RESOLVE = text("""
    INSERT INTO resolutions (customer_id, case_id, process_result_id, step_name, status, comment, resolved_by,
                             resolved_at)
    VALUES (:customer, :id, :finding, :step, :status, :comment, :by, :at)
    ON CONFLICT (customer_id, case_id, process_result_id) DO UPDATE SET
        status = excluded.status, comment = excluded.comment, resolved_by = excluded.resolved_by,
        resolved_at = excluded.resolved_at""")
_RESOLVED = text("""
    SELECT process_result_id, step_name, status, comment, resolved_by, resolved_at FROM resolutions
    WHERE customer_id = :customer AND case_id = :id ORDER BY process_result_id""")


class Round(NamedTuple):
    """What was given in a round, and what the steps made of it."""

    number: int
    asked_at: datetime
    individual: Individual
    evidence: list[StepOutcome]


class Change(NamedTuple):
    """Something that was done to a case, as the timeline shows it."""

    sequence: int
    kind: str
    by: str
    at: datetime
    told: Mapping[str, Any]
    detail: Mapping[str, Any]


class Resolution(NamedTuple):
    """What a reviewer said that a finding is worth."""

    process_result_id: str
    step_name: str
    status: str
    comment: str | None
    by: str
    at: datetime


async def lock(connection: AsyncConnection, keys: Collection[Key]) -> dict[Key, Case]:
    """The cases of these keys that there are, locked in the order of their ids."""
    if not keys:
        return {}
    customers, ids = zip(*keys, strict=True)
    rows = await connection.execute(_LOCK, {"customers": list(customers), "ids": list(ids)})
    return {(case.customer_id, case.case_id): case for case in map(_case, rows)}


async def find(connection: AsyncConnection, case_id: str) -> tuple[Case, str] | None:
    """A case and the person's name, as they are at this moment."""
    row = (await connection.execute(_ONE, {"id": case_id})).one_or_none()
    return None if row is None else (_case(row), row.name)


async def due(connection: AsyncConnection, now: datetime, at_most: int) -> list[Case]:
    """Cases with something due, locked; those that another instance works on are left to it."""
    return [_case(row) for row in await connection.execute(_DUE, {"now": now, "at_most": at_most})]


async def open_(connection: AsyncConnection, case: Case) -> None:
    """Keep a new case."""
    about = {"execution": case.execution_id, "entity": case.entity_id, "opened_at": case.opened_at}
    await connection.execute(_OPEN, {**_columns(case), **about})


async def save(connection: AsyncConnection, case: Case, told: Told) -> None:
    """Write a case back with what was done to it."""
    change = told.change
    over = {"over": case.status in (DECIDED, CLOSED), "now": change.changedAt}
    await connection.execute(_SAVE, {**_columns(case), **over})
    await connection.execute(
        _CHANGE,
        {
            **_at((case.customer_id, case.case_id)),
            "sequence": change.sequence,
            "kind": change.kind,
            "by": change.changedBy,
            "at": change.changedAt,
            "told": change.model_dump_json(),
            "detail": orjson.dumps(dict(told.detail)).decode(),
        },
    )


async def update(connection: AsyncConnection, case: Case) -> None:
    """Write a case back of which there is nothing to tell."""
    await connection.execute(_SAVE, {**_columns(case), "over": case.status in (DECIDED, CLOSED), "now": case.opened_at})


async def keep_round(connection: AsyncConnection, case: Case, data: CheckRequested, now: datetime) -> None:
    """Keep what was given in the case's round, and by what it is found."""
    at, who = _at((case.customer_id, case.case_id)), data.individual
    given = who.model_dump_json(exclude_defaults=True)
    evidence = orjson.dumps([one.model_dump(mode="json", exclude_defaults=True) for one in data.evidence]).decode()
    await connection.execute(_ROUND, {**at, "round": case.round, "now": now, "individual": given, "evidence": evidence})
    found_by = beginnings([name_of(who), case.entity_id, case.case_id, case.execution_id, *who.emailAddresses])
    await connection.execute(_KNOW, {**at, "name": name_of(who), "found_by": found_by})


async def rounds(connection: AsyncConnection, key: Key) -> list[Round]:
    """What was given, round by round."""
    return [
        Round(
            row.round,
            row.asked_at,
            Individual.model_validate_json(row.individual),
            [StepOutcome.model_validate(one) for one in orjson.loads(row.evidence)],
        )
        for row in await connection.execute(_ROUNDS, _at(key))
    ]


async def timeline(connection: AsyncConnection, key: Key) -> list[Change]:
    """What was done to a case, oldest first."""
    rows = await connection.execute(_CHANGES, _at(key))
    return [
        Change(r.sequence, r.kind, r.changed_by, r.changed_at, orjson.loads(r.told), orjson.loads(r.detail))
        for r in rows
    ]


async def earlier(connection: AsyncConnection, case: Case) -> list[Row[Any]]:
    """Other cases of the same person, the latest first."""
    asked = {"customer": case.customer_id, "entity": case.entity_id, "id": case.case_id}
    return list(await connection.execute(_EARLIER, asked))


async def resolve(connection: AsyncConnection, key: Key, step: str, statuses: Mapping[str, str], told: Told) -> None:
    """Keep what was said of findings."""
    said = {"step": step, "comment": told.detail.get("comment"), "by": told.change.changedBy}
    for finding, status in statuses.items():
        values = {**_at(key), **said, "finding": finding, "status": status, "at": told.change.changedAt}
        await connection.execute(_RESOLVE, values)


async def resolutions(connection: AsyncConnection, key: Key) -> list[Resolution]:
    """What was said of the findings of a case."""
    return [Resolution(*row) for row in await connection.execute(_RESOLVED, _at(key))]


def hits(found: Iterable[str], said: Iterable[Resolution]) -> Hits:
    """What became of the hits with these ids."""
    known = {one.process_result_id: one.status for one in said}
    resolved = {id: known[id] for id in found if id in known}
    return Hits(resolved, sum(1 for id in found if id not in known))


def _case(row: Row[Any]) -> Case:
    return Case.model_validate_json(row.document)


def _at(key: Key) -> dict[str, Any]:
    return {"customer": key[0], "id": key[1]}


def _columns(case: Case) -> dict[str, Any]:
    return {
        **_at((case.customer_id, case.case_id)),
        "status": case.status,
        "round": case.round,
        "sequence": case.sequence,
        "assignee": case.assignee,
        "risk": case.risk,
        "due_at": case.due_at,
        "wakes_at": case.wakes_at,
        "document": case.model_dump_json(),
    }
