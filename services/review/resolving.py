"""What reviewers said of hits, given to the API of results as by any client, once the execution has come to its end."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import quote

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.events.message import derived_id
from services.review import store
from services.review.case import Case

# The operation of the API for the findings of a step.
OPERATIONS = {"AML": "aml", "BLOCKLIST": "matchlist", "DUPLICATE": "duplicate", "IDV": "idv"}
CLAIMED = timedelta(minutes=2)
AGAIN = (timedelta(seconds=2), timedelta(minutes=10))

_PLAN = text("""
    INSERT INTO calls (call_id, customer_id, case_id, method, path, body, due_at)
    VALUES (:call, :customer, :id, 'PATCH', :path, CAST(:body AS json), :now)""")
# Once the execution has ended, and for a while nobody else's.
_CLAIM = text("""
    UPDATE calls SET due_at = :later WHERE id IN (
        SELECT c.id FROM calls AS c JOIN cases AS k USING (customer_id, case_id)
        WHERE c.due_at <= :now AND EXISTS (
            SELECT FROM chapters AS h
            WHERE h.customer_id = k.customer_id AND h.execution_id = k.execution_id AND h.ended)
        ORDER BY c.due_at LIMIT :at_most FOR UPDATE OF c SKIP LOCKED)
    RETURNING id, call_id, customer_id, method, path, body::text AS body, attempts""")
_DONE = text("UPDATE calls SET due_at = :due, attempts = attempts + 1, answer = :answer WHERE id = :call")
_OF_CASE = text("""
    SELECT path, attempts, due_at, answer FROM calls WHERE customer_id = :customer AND case_id = :id ORDER BY id""")


class Call(NamedTuple):
    """A request to the API that is to be made until it is answered; `call_id` is its Idempotency-Key."""

    id: int
    call_id: str
    customer_id: str
    method: str
    path: str
    body: str
    attempts: int


async def plan(connection: AsyncConnection, case: Case, now: datetime) -> None:
    """Have what was said of the findings of a case told to the API: a request for each step, status and comment."""
    said: dict[tuple[str, str, str | None, str], list[str]] = defaultdict(list)
    for one in await store.resolutions(connection, (case.customer_id, case.case_id)):
        if one.step_name in OPERATIONS:
            said[one.step_name, one.status, one.comment, one.by].append(one.process_result_id)
    for (step, status, comment, by), findings in said.items():
        body = {"processResults": findings, "manualStatus": status, "comment": {"text": comment or f"by {by}"}}
        path = f"/v2/individuals/{quote(case.entity_id, safe='')}/results/{OPERATIONS[step]}"
        call = derived_id(case.case_id, "resolve", str(case.sequence), step, status, *findings)
        told = {"call": call, "customer": case.customer_id, "id": case.case_id, "path": path, "now": now}
        await connection.execute(_PLAN, {**told, "body": orjson.dumps(body).decode()})


async def claim(connection: AsyncConnection, now: datetime, at_most: int) -> list[Call]:
    """Requests that are to be made now; should this instance die, they are due again in a while."""
    asked = {"now": now, "later": now + CLAIMED, "at_most": at_most}
    return [Call(*row) for row in await connection.execute(_CLAIM, asked)]


async def made(connection: AsyncConnection, call: Call, answer: str) -> None:
    """The request was answered for good."""
    await connection.execute(_DONE, {"call": call.id, "answer": answer, "due": None})


async def failed(connection: AsyncConnection, call: Call, answer: str, now: datetime) -> None:
    """The request is to be made again later."""
    pause = min(AGAIN[0] * 2 ** min(call.attempts, 20), AGAIN[1])
    await connection.execute(_DONE, {"call": call.id, "answer": answer, "due": now + pause})


async def of_case(connection: AsyncConnection, case: Case) -> list[Any]:
    """The requests of a case and what came of each."""
    return list(await connection.execute(_OF_CASE, {"customer": case.customer_id, "id": case.case_id}))
