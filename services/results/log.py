"""The log: who did what, when, on which data, with which version of which rule, in how many milliseconds.

Ids, hashes and times, no personal data: the persons stand with the executions.
"""

import csv
import io
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

import orjson
from sqlalchemy import ColumnElement, Select, Subquery, Text, bindparam, cast, literal, select, tuple_, union_all
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from services.results.tables import applications, executions, overrides, step_results

Json: TypeAlias = dict[str, Any]

STARTED, STEP, OVERRIDDEN = "STARTED", "STEP", "OVERRIDDEN"
# Who acts where no person does.
SYSTEM = "vetstream"
REFERENCE = "reference."
FORMULA = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = (
    *("at", "what", "by", "step", "result", "milliseconds", "startedAt", "endedAt", "entityId", "applicationId"),
    *("workflowExecutionId", "requestId", "serviceName", "workflowName", "definition", "entityVersion", "data"),
    *("rules", "sources", "reasons"),
)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries: of a time, its beginning included, of steps, of outcomes, of one execution or person."""

    after: datetime | None = None
    before: datetime | None = None
    steps: Sequence[str] = ()
    results: Sequence[str] = ()
    execution_id: str | None = None
    entity_id: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """How far a reader is."""

    at: datetime
    execution_id: str
    what: str
    number: str


def query(customer: str, wanted: Filter, since: Place | None = None) -> Select[Any]:
    """The entries of a customer, the oldest first; those after a place."""
    entries = _entries(customer, wanted)
    c, e, a = entries.c, executions.c, applications.c
    same = (a.customer_id == e.customer_id) & (a.execution_id == e.execution_id)
    found = (
        select(
            entries,
            *(e.entity_id, e.request_id, e.service_name, e.workflow_name, e.workflow, e.entity_version),
            *(a.application_id, a.fingerprint, a.document["files"].label("files")),
        )
        .join(executions, (e.customer_id == c.customer_id) & (e.execution_id == c.execution_id))
        .outerjoin(applications, same)
    )
    if wanted.entity_id is not None:
        found = found.where(e.entity_id == wanted.entity_id)
    if since is not None:
        after = tuple_(*(literal(one) for one in (since.at, since.execution_id, since.what, since.number)))
        found = found.where(tuple_(c.at, c.execution_id, c.what, c.number) > after)
    return found.order_by(c.at, c.execution_id, c.what, c.number)


def _entries(customer: str, wanted: Filter) -> Subquery:
    """What happened, from the three tables that tell of it."""
    s, o, e = step_results.c, overrides.c, executions.c
    nothing = cast(literal(None), Text)
    steps = _where(
        select(
            *(s.customer_id, s.execution_id, s.ended_at.label("at"), literal(STEP).label("what")),
            (cast(s.sequence, Text) + "." + cast(s.position, Text)).label("number"),
            *(s.step_name.label("step"), s.result.label("result"), nothing.label("by"), s.started_at, s.document),
        ),
        customer, wanted, s, s.ended_at, s.step_name, s.result,
    )  # fmt: skip
    empty = cast(bindparam("empty", {}, JSONB), JSONB).label("document")
    begun = _where(
        select(
            *(e.customer_id, e.execution_id, e.started_at.label("at"), literal(STARTED).label("what")),
            *(literal("").label("number"), nothing.label("step"), nothing.label("result")),
            *(e.requested_by.label("by"), e.started_at, empty),
        ).where(e.started_at.is_not(None)),
        customer, wanted, e, e.started_at, None, None,
    )  # fmt: skip
    changed = _where(
        select(
            *(o.customer_id, o.execution_id, o.amended_at.label("at"), literal(OVERRIDDEN).label("what")),
            *(o.amendment_id.label("number"), nothing.label("step"), o.status.label("result")),
            *(o.amended_by.label("by"), o.amended_at.label("started_at"), empty),
        ).where(o.accepted),
        customer, wanted, o, o.amended_at, None, o.status,
    )  # fmt: skip
    parts = [steps]
    if not wanted.steps:
        parts += [changed] if wanted.results else [begun, changed]
    return union_all(*parts).subquery("entries")


def _where(
    found: Select[Any],
    customer: str,
    wanted: Filter,
    columns: Any,
    at: ColumnElement[Any],
    step: ColumnElement[Any] | None,
    result: ColumnElement[Any] | None,
) -> Select[Any]:
    found = found.where(columns.customer_id == customer)
    if wanted.after is not None:
        found = found.where(at >= wanted.after)
    if wanted.before is not None:
        found = found.where(at < wanted.before)
    if wanted.execution_id is not None:
        found = found.where(columns.execution_id == wanted.execution_id)
    if wanted.steps and step is not None:
        found = found.where(step.in_(wanted.steps))
    if wanted.results and result is not None:
        found = found.where(result.in_(wanted.results))
    return found


def place(row: Mapping[str, Any]) -> Place:
    """Where a row of `query` stands."""
    return Place(row["at"], row["execution_id"], row["what"], row["number"])


def entry(row: Mapping[str, Any]) -> Json:
    """An entry as it is told."""
    document, workflow = row["document"] or {}, row["workflow"] or {}
    notes = document.get("notes") or {}
    took = row["at"] - row["started_at"] if row["what"] == STEP else None
    files = [{"fileId": one.get("fileId"), "sha256": one["sha256"]} for one in row["files"] or []]
    told = {
        "at": row["at"],
        "what": row["what"],
        "by": row["by"] or SYSTEM,
        "step": row["step"],
        "result": row["result"],
        "milliseconds": None if took is None else round(took.total_seconds() * 1000, 3),
        "startedAt": row["started_at"] if took is not None else None,
        "endedAt": row["at"] if took is not None else None,
        "entityId": row["entity_id"],
        "applicationId": row["application_id"],
        "workflowExecutionId": row["execution_id"],
        "requestId": row["request_id"],
        "serviceName": row["service_name"],
        "workflowName": row["workflow_name"],
        "definition": workflow.get("definitionHash"),
        "entityVersion": row["entity_version"],
        "data": {"application": row["fingerprint"], "files": files} if row["fingerprint"] else None,
        "rules": list(_rules(notes)) if took is not None else None,
        "sources": [one["provider"] for one in document.get("serviceProviders", [])] if took is not None else None,
        "reasons": [name.removeprefix("reason.") for name in notes if name.startswith("reason.")] or None,
    }
    return {name: value for name, value in told.items() if value is not None}


def _rules(notes: Mapping[str, Any]) -> Iterator[Json]:
    """What the step went by: rules, policies, lists and registers, each in a version and with its hash."""
    for name, note in notes.items():
        if name.startswith(REFERENCE):
            version, _, sha256 = note["value"].partition(" sha256:")
            yield {"id": name.removeprefix(REFERENCE), "version": version, "sha256": sha256}


async def stream(connection: AsyncConnection, found: Select[Any]) -> AsyncIterator[Json]:
    """Every entry, however many there are."""
    async with connection.stream(found) as rows:
        async for row in rows.mappings():
            yield entry(row)


def as_jsonl(one: Json) -> str:
    """An entry as a line of JSON."""
    return orjson.dumps(one, option=orjson.OPT_UTC_Z).decode() + "\n"


def csv_header() -> str:
    """The names of the columns."""
    return _csv(COLUMNS)


def as_csv(one: Json) -> str:
    """An entry as a line of a table that a spreadsheet may open: nothing in it is a formula."""
    return _csv([_cell(one.get(name)) for name in COLUMNS])


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list | dict):
        return orjson.dumps(value).decode()
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def _csv(cells: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()
