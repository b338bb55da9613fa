"""Instances that stand still past their session and go on: by then others have done their work."""

import signal
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack

from sqlalchemy import text

from libs.events.message import Event
from tests.factory import onboarded
from tests.faults.once import each_had_one_effect, outcomes, rebuilt_is_equal
from tests.faults.people import people
from tests.faults.system import RunningSystem

PEOPLE = 100
SEED = 3

LOCK = text("SELECT 1 FROM consumer_offsets WHERE consumer_group = :group FOR UPDATE")
WAITING = """
    SELECT client_port FROM pg_stat_activity
    WHERE datname = :database AND wait_event_type = 'Lock' AND query LIKE '%UPDATE consumer_offsets%'"""


async def test_instances_stopped_in_their_transaction_change_nothing_when_they_go_on(
    running_system: RunningSystem,
) -> None:
    system = running_system
    before = await system.letters()
    events = [onboarded(entity, "held-up", individual=person) for entity, person in people(PEOPLE, SEED).items()]
    zombies = {"orchestration-1": "orchestration", "results-1": "results"}
    await _publish_and_stop_in_their_transactions(system, events, zombies)
    seconds = await system.all_ended("held-up", events)
    await _until_members(system, zombies, 1)
    print(f"\n    {' and '.join(zombies)} stopped with a batch in hand: the others were done {seconds:.1f} s later")

    exits = len(system.exits)
    _signal_all(system, zombies, signal.SIGCONT)

    async def ended() -> bool:
        return {one.name for one in system.exits[exits:]} >= set(zombies)

    await system.until("the zombies notice that their transactions are gone, and end", ended)
    assert {one.code for one in system.exits[exits:]} == {1}
    await system.ready(zombies)
    await each_had_one_effect(system, "held-up", events, before)


async def test_instances_stopped_between_batches_change_nothing_when_they_go_on(
    running_system: RunningSystem,
) -> None:
    system = running_system
    before = await system.letters()
    everybody = people(PEOPLE, SEED)
    events = [onboarded(entity, "paused", individual=person) for entity, person in everybody.items()]
    zombies = {"orchestration-2": "orchestration", "results-2": "results", "duplicates-2": "duplicates"}
    await system.publish(*events[: PEOPLE // 2])

    async def begun() -> bool:
        return await system.ended("paused") > 0

    await system.until("the first have ended", begun)
    _signal_all(system, zombies, signal.SIGSTOP)
    at_the_stop = await system.ended("paused")
    await system.publish(*events[PEOPLE // 2 :])
    seconds = await system.all_ended("paused", events)
    await _until_members(system, zombies, 1)
    print(f"\n    {len(zombies)} instances stopped after {at_the_stop} people: all were done {seconds:.1f} s later")

    _signal_all(system, zombies, signal.SIGCONT)
    await _until_members(system, zombies, 2)
    more = [onboarded(f"{entity}-more", "paused", individual=person) for entity, person in everybody.items()][:20]
    await system.publish(*more)
    await system.all_ended("paused", [*events, *more])
    dropped = sum(system.logged(name, "batch.superseded") for name in system.services)
    print(f"    all are members again; {dropped} batches were dropped as superseded")
    await each_had_one_effect(system, "paused", [*events, *more], before)
    assert {one for one in (await outcomes(system, "paused")) if not one.endswith("-more")} == set(everybody)
    await rebuilt_is_equal(system)


async def _publish_and_stop_in_their_transactions(
    system: RunningSystem, events: Sequence[Event], zombies: Mapping[str, str]
) -> None:
    """Held up at the lock on its positions, each of them is stopped there; the lock is theirs once it is free."""
    async with AsyncExitStack() as locks:
        for service in zombies.values():
            connection = await locks.enter_async_context(system.engine(service).begin())
            await connection.execute(LOCK, {"group": service})
        await system.publish(*events)
        for zombie, service in zombies.items():

            async def at_the_lock(zombie: str = zombie, service: str = service) -> bool:
                waiting = {row.client_port for row in await system.query(service, WAITING, database=service)}
                return bool(waiting & system.ports_to_database(zombie))

            await system.until(f"{zombie} waits for its positions", at_the_lock)
            system.signal(zombie, signal.SIGSTOP)


async def _until_members(system: RunningSystem, zombies: Mapping[str, str], count: int) -> None:
    """A stopped instance is no member of its group once its session is over."""

    async def so() -> bool:
        return all([await system.members(service) == count for service in zombies.values()])

    await system.until(f"the groups have {count} members", so)


def _signal_all(system: RunningSystem, zombies: Mapping[str, str], number: signal.Signals) -> None:
    for zombie in zombies:
        system.signal(zombie, number)
