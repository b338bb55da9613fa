"""Two instances at the same time: the steps of one and the errands of the other meet in the same executions."""

import asyncio
from collections import Counter

from libs.events.codec import encode
from libs.events.models import CheckRequested
from libs.streaming.consumer import StatefulConsumer
from libs.streaming.ports import system_clock
from services.orchestration.service import Orchestration
from services.orchestration.tokens import Tokens
from tests.factory import requested
from tests.services.orchestration.conftest import Alone, answer, outcome
from tests.services.orchestration.test_children import each, ended, execution_of
from tests.services.orchestration.test_service import KYC

PEOPLE, ITEMS = 8, 12


async def test_no_lock_is_waited_for_in_a_circle_and_every_end_counts_once(alone: Alone) -> None:
    await alone.consumer.stop()
    await alone.define("Mapped", each(list(range(ITEMS)), {"Ask": KYC}, MaxConcurrency=4))
    starts = [requested("Mapped", f"p{number}") for number in range(PEOPLE)]
    stopping = asyncio.Event()
    instances = [
        StatefulConsumer(Orchestration(Tokens(b"secret")), alone.broker, alone.engine, system_clock) for _ in range(2)
    ]
    running = [asyncio.create_task(one.run(stopping)) for one in instances]
    await alone.broker.producer().send([encode(one) for one in starts])
    answered = 0
    async with asyncio.timeout(120):
        while await alone.rows("SELECT 1 FROM executions WHERE status = 'RUNNING'") or not answered:
            asked = [one.data for one in alone.sent("kyc.requested") if isinstance(one.data, CheckRequested)]
            new = [encode(answer(one, "kyc", outcome("KYC"))) for one in asked]
            answered = len(new)
            # All of them, each time: what was answered before is a repeat under another id.
            await alone.broker.producer().send(new)
            await asyncio.sleep(0.05)
    stopping.set()
    await asyncio.gather(*running)
    assert [ended(alone, start)[0] for start in starts] == ["SUCCEEDED"] * PEOPLE
    ends = Counter(chapter.workflowExecutionId for chapter in alone.chapters() if chapter.state == "SUCCEEDED")
    assert set(ends.values()) == {1}
    assert len(ends) == PEOPLE * (ITEMS + 1)
    assert {execution_of(start) for start in starts} <= ends.keys()
    assert await alone.rows("SELECT 1 FROM errands") == []
    (database,) = await alone.rows("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    assert database.deadlocks == 0
