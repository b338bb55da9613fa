"""Cases found: the projection tells where, the topics what."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from libs.audit import projection, topics
from libs.audit.case import Case, NoCase, Row
from libs.streaming.ports import Broker


async def find(engine: AsyncEngine, broker: Broker, id: str) -> Case:
    """The whole case of an execution; raises NoCase."""
    execution = await projection.execution(engine, id)
    ((_, case),) = await cases(broker, [execution])
    if isinstance(case, NoCase):
        raise case
    decided = await projection.decided_amendments(engine, execution)
    sent = await topics.amendments(broker, execution)
    return replace(
        case,
        amendments=tuple(_with_outcome(one, decided.get(one["amendmentId"])) for one in sent),
        findings=await projection.findings(engine, execution),
    )


async def cases(broker: Broker, executions: list[Row]) -> list[tuple[str, Case | NoCase]]:
    """The stories of these executions by id, in their order; why there is none, where part of it is gone."""
    stories = topics.Stories(executions)
    await stories.read(broker)
    known = await topics.definitions(broker)
    return [(id, _case(stories, id, known)) for id in (str(one["execution_id"]) for one in executions)]


def _case(stories: topics.Stories, id: str, known: Mapping[str, Any]) -> Case | NoCase:
    try:
        case = stories.case(id, None)
    except NoCase as missing:
        return missing
    return replace(case, definition=known.get(case.definition_hash))


def _with_outcome(amendment: Row, decided: Row | None) -> Row:
    if decided is None:
        return amendment
    outcome = {name: decided[name] for name in ("previous_status", "accepted", "refusal")}
    return {**amendment, **outcome}
