"""Executions whose risk and decision are judged again: what they are about, and whether that fits what people said."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.events.message import derived_id
from libs.events.models import HistoryEvent
from services.results.rows import Json, Key, Rows
from services.results.tables import executions

# The execution that another one judges again, by this name in the other's input and in what is told of its workflow.
REEVALUATES = "reevaluates"
# What stands in an issue in place of a step: an override and a later judgement do not agree.
JUDGED = "JUDGED"


def former(history: Sequence[HistoryEvent]) -> str | None:
    """The execution that a new one judges again, by its first event; None of all others."""
    if not history or f'"{REEVALUATES}"' not in history[0].details:
        return None
    given = orjson.loads(history[0].details).get("input")
    return given.get(REEVALUATES) if isinstance(given, dict) else None


def _issue(execution_id: str, by: str, at: datetime) -> Json:
    """What an override says is not what another execution came to later."""
    return {
        "issueId": derived_id(execution_id, "results", JUDGED, by),
        "category": "INFORMATIONAL",
        "issue": "DATA_CONSISTENCY",
        "severity": "REVIEW",
        "workflowExecutionId": execution_id,
        "stepName": JUDGED,
        "isCleared": False,
        "createdAt": at,
    }


async def restate(connection: AsyncConnection, rows: Rows) -> None:
    """Raise an issue where an override stands against a later judgement, whichever was told first.

    The override stands. The connection translates the schema.
    """
    c = executions.c
    for key in sorted(rows.reevaluated):
        this = c.customer_id == key[0], c.execution_id == key[1]
        query = select(c.entity_id, c.status, c.override_at, c.issues).where(*this)
        overridden = (await connection.execute(query)).first()
        if overridden is None:
            continue
        found = [one for one in overridden.issues if one.get("stepName") != JUDGED]
        for id, status, ended_at in await _judgements(connection, key, overridden.entity_id):
            if overridden.override_at and ended_at > overridden.override_at and status != overridden.status:
                told = _issue(key[1], id, ended_at)
                found.append(orjson.loads(orjson.dumps(told, option=orjson.OPT_UTC_Z)))
        if found != overridden.issues:
            await connection.execute(update(executions).where(*this).values(issues=found))


async def _judgements(connection: AsyncConnection, key: Key, entity_id: str) -> Sequence[Any]:
    c = executions.c
    of_it = c.customer_id == key[0], c.entity_id == entity_id, c.workflow[REEVALUATES].astext == key[1]
    query = select(c.execution_id, c.status, c.ended_at).where(*of_it, c.ended_at.is_not(None))
    return (await connection.execute(query.order_by(c.ended_at, c.execution_id))).all()
