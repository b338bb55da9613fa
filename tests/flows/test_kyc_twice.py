"""The identity check run twice in one workflow, with other sources and settings: each run keeps its evidence."""

from typing import Any

from libs.asl import Machine
from libs.events.models import LifecyclePhase, StepResultCode
from services.orchestration.definitions import Workflow, publish
from tests.factory import requested
from tests.flows.system import System, execution_of
from tests.flows.test_kyc_sources import ask
from tests.services.kyc.factory import HOME, credit, individual, record, roll


def kyc(settings: dict[str, str], **more: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": "vetstream:check:kyc", "Parameters": {"settings": settings}, **more}


FIRST, SECOND = {"ruleSet": "1+1", "sources": "roll"}, {"ruleSet": "1+1", "sources": "credit", "fuzziness": "exact"}
TWICE = Machine.load({
    "StartAt": "Roll",
    "States": {"Roll": kyc(FIRST, ResultPath=None, Next="Credit"), "Credit": kyc(SECOND, End=True)},
})  # fmt: skip


async def test_each_run_tells_what_it_was_run_with(system: System) -> None:
    async with system.engines["orchestration"].begin() as connection:
        workflow = Workflow("Test", "Twice", "twice", "test", LifecyclePhase.OTHER, None, TWICE)
        await publish(connection, workflow, system.now)
    ask(system, roll(record(home=HOME)), credit())
    event = requested("Twice", individual=individual())
    await system.publish(event)
    await system.settle()
    runs = [result for chapter in system.story(execution_of(event)) for result in chapter.accepted]
    assert [(run.outcome.result, [call.source for call in run.providers]) for run in runs] == [
        (StepResultCode.MATCH, ["roll"]),
        (StepResultCode.NO_MATCH, ["credit"]),
    ]
    assert [dict(run.settings) for run in runs] == [{**FIRST, "fuzziness": "standard"}, SECOND]
    ids = [finding.processResultId for run in runs for finding in run.findings]
    assert len(set(ids)) == len(ids) == 4
