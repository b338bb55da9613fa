"""Asking for a ruling: published, decided where it is kept, and waited for."""

from collections.abc import Mapping, Sequence

from libs.events.message import Event
from libs.events.models import Finding, RulingRequested
from services.results.api import queries
from services.results.api.caller import Caller
from services.results.api.parts import Parts
from services.results.api.problems import conflict
from services.results.service import Results


def ruling(
    parts: Parts,
    caller: Caller,
    person: queries.Row,
    check: str,
    settings: Mapping[str, str],
    before: queries.Row | None,
    *,
    comment: str | None,
    execution_id: str | None = None,
    findings: Sequence[Finding] = (),
) -> RulingRequested:
    """What a check is to count of a person from now on, in place of the ruling `before`."""
    return RulingRequested(
        rulingId=caller.new_id("ruling"),
        customerId=caller.customer_id,
        entityId=person["entity_id"],
        entityVersion=person["entity_version"],
        check=check,
        settings=dict(settings),
        standsOn=before["ruling_id"] if before else None,
        workflowExecutionId=execution_id,
        findings=list(findings),
        comment=comment,
        requestedBy=caller.username,
        requestId=caller.request_id,
        requestedAt=parts.clock(),
    )


async def ask(parts: Parts, caller: Caller, data: RulingRequested, place: str) -> bool:
    """Whether it holds, and is told of, by now; a ruling that another came before is a conflict."""
    await parts.publisher.publish(
        Event(
            data.rulingId,
            "ruling.requested",
            Results.group,
            data.requestedAt,
            f"{data.customerId}:{data.entityId}",
            data,
            traceparent=caller.traceparent,
        )
    )

    async def look() -> queries.Row | None:
        async with parts.engine.connect() as reading:
            return await queries.ruling(reading, data.customerId, data.rulingId)

    decided = await parts.watch.until(data.rulingId, look, parts.wait_seconds)
    if decided is not None and decided["refusal"] is not None:
        raise conflict(f"refused: {decided['refusal']}", place)
    return decided is not None
