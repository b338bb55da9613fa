"""An execution that cannot be applied is held with what follows for it; the others go on, and it too once mended."""

from dataclasses import replace

from libs.events.message import Event
from tests.factory import onboarded, person
from tests.faults.once import each_had_one_effect, outcomes
from tests.faults.system import RunningSystem, Said
from tests.flows.system import execution_of

CUSTOMER = "quarantine"
ALL_BUT_ONE_ANSWERED = """
    SELECT count(*) FROM executions
    WHERE customer_id = :customer AND (SELECT count(*) FROM json_object_keys(requests)) = 1"""


async def test_a_broken_execution_is_held_and_goes_on_when_mended(running_system: RunningSystem) -> None:
    system = running_system
    before = await system.letters()
    events = [onboarded(f"p{n}", CUSTOMER, individual=person(f"Q{n}", born=f"19{50 + n}-01-01")) for n in range(6)]
    sick, *healthy = events
    system.hold("kyc")
    await system.publish(*events)
    await _until_only_kyc_is_missing(system, len(events))
    intact = await _break(system, sick)
    system.let_go("kyc")
    await system.all_ended(CUSTOMER, healthy)
    await _until_held(system, sick, 1)
    assert (await outcomes(system, CUSTOMER))[sick_person(sick)].state == "IN_PROGRESS"

    await _repeat_the_answer(system, sick)
    await _until_held(system, sick, 2)
    listed = (await held(system, "held-list")).lines
    assert "ValidationError" in listed[0]
    assert listed[1].endswith("waits behind it")
    assert listed[2] == "2 events held for orchestration"

    # Released before it is mended it is held again.
    assert (await held(system, "held-release", "--subject", execution_of(sick))).code == 0
    await _until_held(system, sick, 2)
    assert await system.ended(CUSTOMER) == len(healthy)

    await system.change(
        "orchestration",
        "UPDATE executions SET individual = CAST(:intact AS json) WHERE workflow_execution_id = :id",
        intact=intact,
        id=execution_of(sick),
    )
    released = await held(system, "held-release", "--subject", execution_of(sick))
    assert released.lines == [f"released {execution_of(sick)}: 2 events go on"]
    await system.all_ended(CUSTOMER, events)
    assert (await held(system, "held-list")).lines == ["0 events held for orchestration"]
    assert (await held(system, "held-release", "--subject", execution_of(sick))).code == 1
    await each_had_one_effect(system, CUSTOMER, events, before)


def sick_person(event: Event) -> str:
    return event.key.partition(":")[2]


async def held(system: RunningSystem, name: str, *more: str) -> Said:
    """An operator's command on what orchestration holds."""
    return await system.run("libs.streaming", name, "--group", "orchestration", *more, service="orchestration")


async def _until_only_kyc_is_missing(system: RunningSystem, count: int) -> None:
    async def so() -> bool:
        rows = await system.query("orchestration", ALL_BUT_ONE_ANSWERED, customer=CUSTOMER)
        return int(rows[0][0]) == count

    await system.until("all checks but one have answered", so)


async def _break(system: RunningSystem, event: Event) -> str:
    """Write a person into the execution's row that is none; returns what was there."""
    (row,) = await system.query(
        "orchestration",
        "SELECT CAST(individual AS text) AS individual FROM executions WHERE workflow_execution_id = :id",
        id=execution_of(event),
    )
    changed = await system.change(
        "orchestration",
        """UPDATE executions SET individual = '{"name": 5}' WHERE workflow_execution_id = :id""",
        id=execution_of(event),
    )
    assert changed == 1
    return str(row.individual)


async def _until_held(system: RunningSystem, event: Event, count: int) -> None:
    """Held, and not about to be tried again."""

    async def so() -> bool:
        rows = await system.query(
            "orchestration", "SELECT released FROM held WHERE subject = :subject", subject=execution_of(event)
        )
        return [row.released for row in rows] == [False] * count

    await system.until(f"{count} events are held", so)


async def _repeat_the_answer(system: RunningSystem, event: Event) -> None:
    """The same answer under another id, so that it is a later event of the same execution."""
    execution = execution_of(event).encode()
    (answer,) = [
        one for one in await system.records("kyc.completed") if dict(one.headers).get("correlationid") == execution
    ]
    await system.publish(replace(answer, headers=tuple(one for one in answer.headers if one[0] != "ce_id")))
