"""An execution that judges another one again, and an override that it does not agree with."""

import json
import random

import pytest

from libs.events.message import Event
from libs.events.models import ExecutionState, ExecutionStatus
from services.results import rebuild, views
from services.results.api import queries
from services.results.fold import execution_id
from tests.services.results import factory
from tests.services.results.conftest import Projection

BEGIN = factory.onboarded("e1")
AGAIN = factory.requested("e1", version=1, seconds=200)


def judged(status: ExecutionStatus, seconds: float = 200) -> list[Event]:
    details = json.dumps({"input": {"reevaluates": execution_id(BEGIN.id)}})
    first = factory.history_event(1, "ExecutionStarted").model_copy(update={"details": details})
    return [
        factory.progressed(AGAIN, 1, seconds + 1, history=[first]),
        factory.progressed(AGAIN, 2, seconds + 2, accepted=[factory.decision(status)], state=ExecutionState.SUCCEEDED),
    ]


async def issues(projection: Projection) -> list[str]:
    engine = projection.engine.execution_options(schema_translate_map={None: projection.schema})
    async with engine.connect() as connection:
        row = await queries.execution(connection, "c1", execution_id(BEGIN.id))
    assert row is not None
    assert row["status"] == "APPROVED"
    return [one["issue"] for one in views.workflow_summary(row)["issues"] if "stepName" not in one]


@pytest.mark.parametrize(
    ("status", "expected"), [(ExecutionStatus.FAIL, ["DATA_CONSISTENCY"]), (ExecutionStatus.APPROVED, [])]
)
async def test_an_override_stands_and_what_does_not_agree_is_an_issue(
    projection: Projection, status: ExecutionStatus, expected: list[str]
) -> None:
    override = factory.amended(BEGIN, status=ExecutionStatus.APPROVED)
    await projection.fold([BEGIN, *factory.story(BEGIN), override, AGAIN, *judged(status)])
    assert await issues(projection) == expected


async def test_an_override_after_it_is_the_last_word(projection: Projection) -> None:
    override = factory.amended(BEGIN, status=ExecutionStatus.APPROVED, seconds=300)
    await projection.fold([BEGIN, *factory.story(BEGIN), AGAIN, *judged(ExecutionStatus.FAIL), override])
    assert await issues(projection) == []


@pytest.mark.parametrize("seed", range(4))
async def test_in_whatever_order_topics_are_read_the_same_comes_of_it(projection: Projection, seed: int) -> None:
    override = factory.amended(BEGIN, status=ExecutionStatus.APPROVED)
    logs = [[BEGIN], factory.story(BEGIN), [override], [AGAIN], judged(ExecutionStatus.FAIL)]
    await projection.fold([event for log in logs for event in log])
    other = await projection.beside()
    order, left, mixed = random.Random(seed), [list(log) for log in logs], []
    while any(left):
        mixed.append(order.choice([log for log in left if log]).pop(0))
    await other.fold(mixed, size=1 + seed)
    async with projection.engine.connect() as connection:
        assert await rebuild.compare(connection, projection.schema, other.schema) is None
