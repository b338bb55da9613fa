"""Cases found: the projection tells where, the topics what."""

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncEngine

from libs.audit import projection, topics
from libs.audit.case import Case, Row
from libs.streaming.ports import Broker


async def find(engine: AsyncEngine, broker: Broker, id: str) -> Case:
    """The whole case of an execution; raises NoCase."""
    execution = await projection.execution(engine, id)
    (case,) = await cases(broker, [execution])
    decided = await projection.decided_amendments(engine, execution)
    amendments = [
        _with_outcome(one, decided.get(one["amendmentId"])) for one in await topics.amendments(broker, execution)
    ]
    return replace(case, amendments=tuple(amendments), findings=await projection.findings(engine, execution))


async def cases(broker: Broker, executions: list[Row]) -> list[Case]:
    """The stories of these executions, in their order; raises NoCase."""
    stories = topics.Stories(executions)
    await stories.read(broker)
    known = await topics.definitions(broker)
    found = (stories.case(str(one["execution_id"]), None) for one in executions)
    return [replace(case, definition=known.get(case.definition_hash)) for case in found]


def _with_outcome(amendment: Row, decided: Row | None) -> Row:
    if decided is None:
        return amendment
    outcome = {name: decided[name] for name in ("previous_status", "accepted", "refusal")}
    return {**amendment, **outcome}
