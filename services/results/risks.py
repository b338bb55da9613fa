"""Risk that people set by hand: the level of an assessment, or the points of its factors; what was assessed stays."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import orjson
from sqlalchemy import Text, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.events.models import RiskAmended, RiskScore, RulingChanged
from libs.scoring.again import OVERRIDDEN, NotTold, reassessed
from services.results import documents
from services.results.rows import Json, Key, RiskAmendmentRow, Rows
from services.results.tables import executions, risk_amendments, step_results

STEP = "RISK"
# Where the document of the step has what its score is added up from.
BASIS = "basis"
# A setting of the check that gives points to a factor.
OVERRIDE = "override."

Amendment: TypeAlias = Mapping[str, Any]


def settings(points: Mapping[str, int]) -> dict[str, str]:
    """Points by factor as the check's settings."""
    return {f"{OVERRIDE}{factor}": str(given) for factor, given in points.items()}


def points(told: Mapping[str, str]) -> dict[str, int]:
    """Points by factor in the check's settings."""
    return {name.removeprefix(OVERRIDE): int(value) for name, value in told.items() if name.startswith(OVERRIDE)}


def amended(rows: Rows, data: RiskAmended) -> None:
    """A level that was set for what the person saw; any other is recorded as refused."""
    key = data.customerId, data.workflowExecutionId, data.amendmentId
    if key in rows.risk_amendments:
        return
    levels = [
        one
        for at, one in rows.risk_amendments.items()
        if at[:2] == key[:2] and one.level is not None and one.refusal is None
    ]
    before = {one.stands_on for one in levels}
    last = next((one for one in levels if one.amendment_id not in before), None)
    refusal = None
    if (last.amendment_id if last else None) != data.standsOn:
        refusal = f"{last.amended_by if last else 'somebody else'} amended it meanwhile"
    row = RiskAmendmentRow(
        *key,
        data.entityId,
        data.riskLevel.value,
        data.previousLevel.value,
        None,
        data.standsOn,
        data.comment,
        data.amendedBy,
        data.amendedAt,
        data.requestId,
        refusal,
    )
    rows.risk_amendments[key] = rows.new_risk_amendments[key] = row
    rows.settled.add((data.customerId, data.amendmentId))


def given(rows: Rows, data: RulingChanged, execution_id: str) -> None:
    """Points that were given to factors, or taken back, of the assessment that the person saw."""
    taken_back = dict.fromkeys(points(data.previous))
    key = data.customerId, execution_id, data.rulingId
    rows.new_risk_amendments[key] = RiskAmendmentRow(
        *key,
        data.entityId,
        None,
        None,
        {**taken_back, **points(data.settings)},
        data.standsOn,
        data.comment,
        data.changedBy,
        data.changedAt,
        data.requestId,
        None,
    )


async def restate(connection: AsyncConnection, rows: Rows) -> None:
    """Put right the risk of executions that people amended, whichever was told first.

    The connection translates the schema.
    """
    for key in sorted(await _touched(connection, rows)):
        told = await _told(connection, key)
        if told is not None:
            this = executions.c.customer_id == key[0], executions.c.execution_id == key[1]
            await connection.execute(update(executions).where(*this).values(risk=_plain(told)))


async def _touched(connection: AsyncConnection, rows: Rows) -> set[Key]:
    found = {(one.customer_id, one.execution_id) for one in rows.new_risk_amendments.values()}
    assessed = {(one.customer_id, one.execution_id) for one in rows.step_results.values() if one.step_name == STEP}
    if assessed:
        c = risk_amendments.c
        given = (
            func.unnest(bindparam("customers", type_=ARRAY(Text)), bindparam("ids", type_=ARRAY(Text)))
            .table_valued("customer_id", "execution_id", name="given")
            .render_derived()
        )
        same = (c.customer_id == given.c.customer_id) & (c.execution_id == given.c.execution_id)
        query = select(c.customer_id, c.execution_id).select_from(given.join(risk_amendments, same))
        told = {"customers": [key[0] for key in assessed], "ids": [key[1] for key in assessed]}
        found |= {(row.customer_id, row.execution_id) for row in await connection.execute(query, told)}
    return found


async def _told(connection: AsyncConnection, key: Key) -> Json | None:
    """The assessment with all that people made of it; None where none is known yet."""
    c, s = risk_amendments.c, step_results.c
    mine = c.customer_id == key[0], c.execution_id == key[1], c.refusal.is_(None)
    said = [row._asdict() for row in await connection.execute(select(risk_amendments).where(*mine))]
    query = select(s.document, s.ended_at).where(s.customer_id == key[0], s.execution_id == key[1], s.step_name == STEP)
    runs = await connection.execute(query.order_by(s.sequence.desc(), s.position.desc()))
    run = next((one for one in runs if BASIS in one.document), None)
    if run is None:
        return None
    risk = RiskScore.model_validate(run.document[BASIS])
    return overlaid(key[1], run.document["stepResultId"], risk, run.ended_at, said)


def overlaid(
    execution_id: str, step_result_id: str, risk: RiskScore, assessed_at: Any, said: Sequence[Amendment]
) -> Json:
    """The assessment as people amended it; of a level and of points the later word counts."""
    order = sorted(said, key=lambda one: (one["amended_at"], one["amendment_id"]))
    factors: dict[str, Amendment] = {name: one for one in order for name in one["factors"] or {}}
    given = {name: one["factors"][name] for name, one in factors.items()}
    told = documents.risk_assessment(execution_id, step_result_id, _again(risk, given), assessed_at)
    for factor in told["riskFactors"]:
        if factor["factor"] in factors and factor["status"] in (OVERRIDDEN, "VALID"):
            factor |= _by(factors[factor["factor"]])
    last = order[-1] if order else None
    if last is not None:
        told |= _by(last)
        if last["level"] is not None:
            told["riskLevel"] = last["level"]
    return told


def _again(risk: RiskScore, given: Mapping[str, int | None]) -> RiskScore:
    """Where nothing can be added up, an assessment stays as it was."""
    try:
        return reassessed(risk, given) if given else risk
    except NotTold:
        return risk


def _plain(told: Json) -> Any:
    """As a column keeps it, times as texts."""
    return orjson.loads(orjson.dumps(told, option=orjson.OPT_UTC_Z))


def _by(one: Amendment) -> Json:
    return {"updatedAt": one["amended_at"], "updatedBy": one["amended_by"], "updatedRequestId": one["request_id"]}
