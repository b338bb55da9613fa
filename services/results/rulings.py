"""What people decided that checks are to count of a person, and the evidence that stands or falls with it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.events.manual_kyc import SETTING, ManualKyc, relied_on
from libs.events.models import Individual, RulingChanged
from services.results import documents, risks
from services.results.rows import Key, ProcessResultRow, ResolutionRow, Rows, RulingRow
from services.results.stale import STALE, VALID
from services.results.tables import individuals, process_results, resolutions, rulings

KYC, RISK = "kyc", "risk"
# The step that the evidence of a check belongs to, and what is said of it by hand (contract).
STEPS = {KYC: "KYC"}
APPROVED = "PASS"
MARKED_INVALID, MARKED_IGNORE = "MARKED_INVALID", "MARKED_IGNORE"

Ruling: TypeAlias = Mapping[str, Any]
Standing: TypeAlias = tuple[str, datetime, str]
"""System status of evidence, since when, and by whom."""


def changed(rows: Rows, data: RulingChanged) -> None:
    """Each is kept, accepted or refused; its evidence is a result that no execution found."""
    key = data.customerId, data.rulingId
    rows.rulings[key] = RulingRow(
        *key,
        data.entityId,
        data.check,
        data.settings,
        data.previous,
        data.standsOn,
        data.workflowExecutionId,
        data.comment,
        data.changedBy,
        data.changedAt,
        data.requestId,
        data.refusal,
    )
    rows.settled.add(key)
    if data.refusal is None:
        _evidence(rows, data)
        if data.check == RISK and data.workflowExecutionId is not None:
            risks.given(rows, data, data.workflowExecutionId)


def _evidence(rows: Rows, data: RulingChanged) -> None:
    for number, finding in enumerate(data.findings):
        at = data.customerId, finding.processResultId
        rows.process_results[data.customerId, data.rulingId, finding.processResultId] = ProcessResultRow(
            data.customerId,
            data.rulingId,
            finding.processResultId,
            data.entityId,
            0,
            0,
            number,
            STEPS[data.check],
            step_type=STEPS[data.check],
            process_class=finding.processClass,
            object_type=finding.objectType,
            result=finding.result.value,
            state="COMPLETED",
            system_status=VALID,
            created_at=data.changedAt,
            updated_at=data.changedAt,
            expires_at=finding.expiresAt,
            document={**documents.process_result(finding), "requestId": data.requestId},
        )
        rows.resolutions[at] = ResolutionRow(
            *at, data.entityId, APPROVED, data.rulingId, data.changedBy, data.changedAt
        )
        rows.changed_resolutions.add(at)


async def restate(connection: AsyncConnection, rows: Rows) -> None:
    """Put right what the evidence of rulings is worth, whichever was told first.

    The connection translates the schema.
    """
    ruled = {(one.customer_id, one.entity_id) for one in rows.rulings.values() if one.check_name == KYC}
    for key in sorted(ruled | rows.restated):
        told = await _accepted(connection, key)
        person = await _person(connection, key) if told else None
        for ruling in told:
            if SETTING in ruling["settings"]:
                await _mark(connection, ruling, _standing(ruling, told, person))


async def _accepted(connection: AsyncConnection, key: Key) -> Sequence[Ruling]:
    c = rulings.c
    mine = c.customer_id == key[0], c.entity_id == key[1], c.check_name == KYC, c.refusal.is_(None)
    query = select(rulings).where(*mine).order_by(c.ruling_id)
    return [row._asdict() for row in await connection.execute(query)]


async def _person(connection: AsyncConnection, key: Key) -> Any:
    c = individuals.c
    mine = c.customer_id == key[0], c.entity_id == key[1]
    return (await connection.execute(select(c.document, c.changed_at).where(*mine))).first()


def _standing(ruling: Ruling, told: Sequence[Ruling], person: Any) -> Standing:
    """Taken back or replaced by a later ruling; stale where the person is another by now."""
    later = next((one for one in told if one["stands_on"] == ruling["ruling_id"]), None)
    if later is not None:
        status = MARKED_IGNORE if SETTING in later["settings"] else MARKED_INVALID
        return status, later["changed_at"], later["changed_by"]
    evidence = ManualKyc.model_validate_json(ruling["settings"][SETTING])
    ids = [one.documentId for one in evidence.documents]
    if person and relied_on(Individual.model_validate(person.document), ids) != evidence.person:
        return STALE, max(person.changed_at, ruling["changed_at"]), ruling["changed_by"]
    return VALID, ruling["changed_at"], ruling["changed_by"]


async def _mark(connection: AsyncConnection, ruling: Ruling, standing: Standing) -> None:
    status, since, by = standing
    c, r = process_results.c, resolutions.c
    evidence = c.customer_id == ruling["customer_id"], c.execution_id == ruling["ruling_id"]
    await connection.execute(update(process_results).where(*evidence).values(system_status=status, updated_at=since))
    approved = r.customer_id == ruling["customer_id"], r.amendment_id == ruling["ruling_id"]
    same_person = r.entity_id == ruling["entity_id"]
    await connection.execute(update(resolutions).where(*approved, same_person).values(amended_by=by, amended_at=since))
