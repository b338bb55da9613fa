"""People through all services: what comes out, whatever the order, the repeats and the outages."""

from datetime import timedelta

import pytest

from libs.embedded.database import RunningDatabase
from libs.events.message import Event
from libs.events.models import Address, Individual
from tests.factory import onboarded, person
from tests.flows.system import System, Unruly, execution_of

STRANGER = person("Jane", "Citizen", "1990-04-05", addresses=[Address(country="AUS", locality="Nowhere")])
LISTED = person("Nicolas", "Maduro Moros", "1962-11-23", nationality="VEN")


async def outcome(system: System, event: Event) -> tuple[str, str, str]:
    """State, status and result of the execution that an event started, as the projection has them."""
    rows = await system.query(
        "results",
        "SELECT state, status, result FROM projection.executions WHERE execution_id = :id",
        id=execution_of(event),
    )
    assert len(rows) == 1
    return tuple(rows[0])


def steps(system: System, event: Event) -> dict[str, str]:
    """Each step and how it came out."""
    story = system.story(execution_of(event))
    return {result.outcome.stepName: result.outcome.result for chapter in story for result in chapter.accepted}


async def test_a_person_goes_through_every_check_to_a_decision(system: System) -> None:
    event = onboarded("p1", individual=STRANGER)
    await system.publish(event)
    await system.settle()
    assert steps(system, event) == {
        "DUPLICATE": "CLEAR",
        "KYC": "NO_MATCH",
        "AML": "CLEAR",
        "BLOCKLIST": "CLEAR",
        "RISK": "COMPLETE",
        "DECISION": "FAIL",
    }
    assert await outcome(system, event) == ("COMPLETED", "FAIL", "FAIL")


async def test_a_listed_person_is_never_passed(system: System) -> None:
    event = onboarded("p1", individual=LISTED)
    await system.publish(event)
    await system.settle()
    assert steps(system, event)["AML"] == "HIT"
    assert (await outcome(system, event))[1] in ("REVIEW", "FAIL")


@pytest.mark.parametrize("down", ["kyc", "aml", "matchlist", "duplicates", "risk"])
async def test_a_check_that_is_down_leads_to_review_and_not_to_a_pass(system: System, down: str) -> None:
    event = onboarded("p1", individual=STRANGER)
    await system.publish(event)
    await system.settle(without=[down])
    await system.pass_time(timedelta(hours=1), without=[down])
    state, status, _ = await outcome(system, event)
    assert state == "COMPLETED"
    assert status in ("REVIEW", "FAIL")
    # The answers that come at last are late: they change nothing.
    told = len(system.story(execution_of(event)))
    await system.settle()
    assert len(system.story(execution_of(event))) == told
    assert await outcome(system, event) == (state, status, status)


@pytest.mark.parametrize("seed", range(3))
async def test_repeats_and_disorder_change_nothing(embedded_database: RunningDatabase, seed: int) -> None:
    people: dict[str, Individual] = {
        "stranger": STRANGER,
        "listed": LISTED,
        "meier": person("Anton", "Meier", "1951-02-11"),
        "okafor": person("Chidi", "Okafor", "1978-08-30"),
        "tanaka": person("Yuki", "Tanaka", "1999-12-01"),
        "oneill": person("Siobhan", "O'Neill", "1964-06-17"),
    }
    events = [onboarded(entity, individual=individual) for entity, individual in people.items()]
    expected = {}
    async with System(embedded_database) as calm:
        await calm.publish(*events)
        await calm.settle()
        expected = {event.key: (await outcome(calm, event), steps(calm, event)) for event in events}
    async with System(embedded_database, Unruly(seed=seed, times=2), instances=2) as unruly:
        await unruly.publish(*events)
        await unruly.settle()
        assert {event.key: (await outcome(unruly, event), steps(unruly, event)) for event in events} == expected
        for event in events:
            story = unruly.story(execution_of(event))
            assert [chapter.sequence for chapter in story] == list(range(1, len(story) + 1))
        assert await unruly.query("orchestration", "SELECT 1 FROM outbox_unsent") == []
