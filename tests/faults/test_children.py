"""Executions that start others, while orchestration is killed again and again: each item counts once."""

import json
import signal
from collections import Counter, defaultdict
from random import Random

from libs.asl import Machine
from libs.events.codec import decode
from libs.events.models import LifecyclePhase, WorkflowProgressed
from libs.streaming.ports import system_clock
from services.orchestration.definitions import Workflow, publish
from tests.factory import requested
from tests.faults.once import nothing_is_unsent, rebuilt_is_equal
from tests.faults.people import people
from tests.faults.system import RunningSystem
from tests.faults.test_sudden_death import SEED
from tests.flows.system import execution_of
from tests.flows.test_children import NESTED, ask, each

CUSTOMER, PEOPLE, ITEMS, KILLS = "with-children", 10, 12, 4
STATES = {
    "Screened": {"Aml": ask("aml")},
    "Both": {
        "Both": {
            "Type": "Parallel",
            "Branches": [
                each(list(range(ITEMS)), {"Kyc": ask("kyc")}, MaxConcurrency=4),
                {"StartAt": "Screen", "States": {"Screen": NESTED}},
            ],
            "End": True,
        }
    },
}


async def test_killing_orchestration_loses_and_doubles_no_child(running_system: RunningSystem) -> None:
    system, draw = running_system, Random(SEED)
    await _publish_workflows(system)
    everybody = people(PEOPLE, SEED)
    events = [requested("Both", entity, CUSTOMER, individual=person) for entity, person in everybody.items()]
    await system.publish(*events)
    for number in range(KILLS):
        name = f"orchestration-{1 + number % 2}"
        await system.ready([name])
        await system.pass_time(draw.uniform(0.2, 1.5))
        print(f"\n    kill -9 {name}, {await system.ended(CUSTOMER)} have ended", end="")
        system.signal(name, signal.SIGKILL)

    async def all_ended() -> bool:
        return await system.ended(CUSTOMER) == PEOPLE * (1 + ITEMS + 1)

    await system.until("every execution ends", all_ended)
    await nothing_is_unsent(system)
    stories = await _stories(system)
    assert len(stories) == PEOPLE * (1 + ITEMS + 1)
    for story in stories.values():
        assert sorted(story) == list(range(1, len(story) + 1))
        ids = [one.id for number in sorted(story) for one in story[number].history]
        assert ids == list(range(1, len(ids) + 1))
        assert [story[number].state for number in sorted(story) if story[number].state != "RUNNING"] == ["SUCCEEDED"]
    for event in events:
        story = stories[execution_of(event)]
        mapped, screened = json.loads(story[len(story)].output or "")
        assert (len(mapped), len(set(mapped))) == (ITEMS, 1)
        assert screened in ("CLEAR", "HIT")
    assert await system.query("orchestration", "SELECT 1 FROM errands") == []
    parents = Counter(row.parent_id for row in await system.query("orchestration", _PARENTS, customer=CUSTOMER))
    assert parents == {execution_of(event): ITEMS + 1 for event in events}
    await rebuilt_is_equal(system)


_PARENTS = "SELECT parent_id FROM executions WHERE customer_id = :customer AND parent_id IS NOT NULL"


async def _publish_workflows(system: RunningSystem) -> None:
    async with system.engine("orchestration").begin() as connection:
        for name, states in STATES.items():
            machine = Machine.load({"StartAt": next(iter(states)), "States": states})
            workflow = Workflow("Test", name, f"wf-{name}", "test", LifecyclePhase.OTHER, None, machine)
            await publish(connection, workflow, system_clock())


async def _stories(system: RunningSystem) -> dict[str, dict[int, WorkflowProgressed]]:
    """The chapters of the customer's executions; one that was told again is the same."""
    found: dict[str, dict[int, WorkflowProgressed]] = defaultdict(dict)
    for message in await system.records("workflow.progressed"):
        if (message.key or b"").startswith(f"{CUSTOMER}:".encode()):
            chapter = decode(message).data
            assert isinstance(chapter, WorkflowProgressed)
            assert found[chapter.workflowExecutionId].setdefault(chapter.sequence, chapter) == chapter
    return found
