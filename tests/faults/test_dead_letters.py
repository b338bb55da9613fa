"""What a group refused is listed, shown and given back by the operator's command, and has its effect once."""

from collections.abc import Sequence
from dataclasses import replace

from libs.events.codec import encode
from libs.events.message import Event
from libs.events.models import LifecyclePhase
from libs.streaming.ports import system_clock
from services.orchestration.definitions import publish, shipped
from tests.factory import asked, onboarded
from tests.faults.once import each_had_one_effect, rebuilt_is_equal
from tests.faults.system import RunningSystem, Said

WORKFLOW = "Late-Onboarding"


async def command(system: RunningSystem, name: str, group: str, *more: str) -> Said:
    """An operator's command on the letters of a group."""
    return await system.run("libs.streaming", name, "--group", group, *more, service=group)


async def one_more_letter(system: RunningSystem, group: str, before: int) -> None:
    """Wait for it; `before` is how many there were."""

    async def kept() -> bool:
        return (await system.letters())[group] > before

    await system.until(f"letter {before} of {group}", kept)


async def test_an_onboarding_refused_for_its_workflow_completes_once_that_is_published(
    running_system: RunningSystem,
) -> None:
    system = running_system
    event = onboarded("p1", "replayed", serviceName="Onboarding", workflowName=WORKFLOW)
    number = (await system.letters())["orchestration"]
    await system.publish(event)
    await one_more_letter(system, "orchestration", number)

    listed = await command(system, "dlq-list", "orchestration")
    assert [line for line in listed.lines if line.startswith(f"{number} ") and "UNKNOWN_WORKFLOW" in line]
    assert listed.lines[-1] == f"{number + 1} dead letters of orchestration"
    shown = await command(system, "dlq-show", "orchestration", "--number", str(number))
    assert f"header ce_id: {event.id.encode()!r}" in shown.lines
    assert f"value  {encode(event).value!r}" in shown.lines

    await _publish_workflow(system)
    times = await _replay_until_started(system, number)
    await system.all_ended("replayed", [event])
    # Given back once more it is known already.
    assert (await command(system, "dlq-replay", "orchestration", "--number", str(number))).code == 0
    await _nothing_is_held(system)
    await each_had_one_effect(system, "replayed", [event])
    await rebuilt_is_equal(system)
    print(f"\n    replayed {times} times until the workflow was known, then once more: one execution")


async def test_a_letter_of_a_check_comes_back_on_the_topic_of_the_check(running_system: RunningSystem) -> None:
    system = running_system
    number = (await system.letters())["kyc"]
    good = encode(asked("kyc"))
    await system.publish(replace(good, value=(good.value or b"")[:-1]))
    await one_more_letter(system, "kyc", number)
    said = await command(system, "dlq-replay", "kyc", "--number", str(number))
    assert said.lines == ["replayed 1 to kyc"]
    # It is as bad as before.
    await one_more_letter(system, "kyc", number + 1)
    shown = [(await command(system, "dlq-show", "kyc", "--number", str(one))).lines for one in (number, number + 1)]
    assert [line for line in shown[0] if line[:5] in ("key  ", "value")] == [
        line for line in shown[1] if line[:5] in ("key  ", "value")
    ]


async def test_a_letter_that_is_not_there_is_said(running_system: RunningSystem) -> None:
    said = await command(running_system, "dlq-replay", "risk", "--number", "12345")
    assert (said.code, said.lines) == (1, ["risk has no such dead letter; dlq-list shows them"])


async def _publish_workflow(system: RunningSystem) -> None:
    """The onboarding under another name; as a monitoring workflow, so that the default one stays the only one."""
    (workflow,) = [one for one in shipped() if one.workflow_name == "Individual-Onboarding"]
    named = replace(workflow, workflow_name=WORKFLOW, lifecycle_phase=_other_phase())
    async with system.engine("orchestration").begin() as connection:
        await publish(connection, named, system_clock())


def _other_phase() -> LifecyclePhase:
    return next(phase for phase in LifecyclePhase if phase is not LifecyclePhase.ONBOARDING)


async def _replay_until_started(system: RunningSystem, number: int) -> int:
    """Orchestration reads its workflows every few seconds: what is given back too early is refused once more."""
    started: list[Event] = []
    times = 0
    while not started:
        known = (await system.letters())["orchestration"]
        said = await command(system, "dlq-replay", "orchestration", "--number", str(number))
        assert said.lines == ["replayed 1 to orchestration"]
        times += 1

        async def decided(known: int = known) -> bool:
            started[:] = await _executions(system)
            return bool(started) or (await system.letters())["orchestration"] > known

        await system.until("the replayed event is taken or refused", decided)
    return times


async def _executions(system: RunningSystem) -> Sequence[Event]:
    return await system.query("orchestration", "SELECT 1 FROM executions WHERE customer_id = 'replayed'")


async def _nothing_is_held(system: RunningSystem) -> None:
    async def so() -> bool:
        return not await system.query("orchestration", "SELECT 1 FROM held")

    await system.until("nothing is held", so)
