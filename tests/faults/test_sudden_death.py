"""Every service is killed in the middle of its work; everybody still reaches the outcome that they reach in peace."""

import os
import signal
import time
from collections import Counter
from collections.abc import Mapping
from random import Random

from libs.events.catalogue import topics
from libs.events.message import Message, Partition
from libs.store.outbox import event_id
from tests.factory import onboarded
from tests.faults.once import Outcome, each_had_one_effect, outcomes, rebuilt_is_equal
from tests.faults.people import people
from tests.faults.system import AGENTS, RunningSystem

PEOPLE = 500
AT_ONCE = 200
SEED = int(os.environ.get("FAULTS_SEED", "1"))
# Seconds from a batch of people to a kill, short enough to hit their first steps, and from there to the next batch.
BEFORE_KILL, AFTER_KILL = (0.05, 0.5), (0.0, 2.0)


async def test_killing_each_service_changes_no_outcome(running_system: RunningSystem) -> None:
    system = running_system
    draw = Random(SEED)
    everybody = people(PEOPLE, SEED)
    before = await system.letters()
    in_peace = [onboarded(entity, "calm", individual=person) for entity, person in everybody.items()]
    await system.publish(*in_peace)
    seconds = await system.all_ended("calm", in_peace)
    expected = await outcomes(system, "calm")
    print(f"\n    seed {SEED}: in peace {PEOPLE} people took {seconds:.1f} s: {_statuses(expected)}")

    events = [onboarded(entity, "killed", individual=person) for entity, person in everybody.items()]
    order = draw.sample(sorted(system.services), len(system.services))
    begun = time.monotonic()
    for number, name in enumerate(order):
        await system.publish(*events[number :: len(order)])
        await system.pass_time(draw.uniform(*BEFORE_KILL))
        print(f"    {time.monotonic() - begun:5.1f} s: kill -9 {name}, {await system.ended('killed')} have ended")
        system.signal(name, signal.SIGKILL)
        await system.pass_time(draw.uniform(*AFTER_KILL))
    await system.all_ended("killed", events, seconds=180)
    print(f"    everybody has ended after {time.monotonic() - begun:.1f} s")
    await system.ready()
    print(f"    written again, under the same id: {await _written_again(system, 'killed') or 'nothing'}")

    found = await outcomes(system, "killed")
    assert {entity: (found[entity], right) for entity, right in expected.items() if found[entity] != right} == {}
    for customer, started in (("calm", in_peace), ("killed", events)):
        await each_had_one_effect(system, customer, started, before)
    await rebuilt_is_equal(system)


def _statuses(found: Mapping[str, Outcome]) -> dict[str, int]:
    return dict(Counter(one.status for one in found.values()))


async def test_a_killed_check_has_acknowledged_only_what_it_had_answered(running_system: RunningSystem) -> None:
    system = running_system
    before = await system.letters()
    everybody = people(AT_ONCE, SEED)
    events = [onboarded(entity, "acknowledged", individual=person) for entity, person in everybody.items()]
    at_first = await system.committed("kyc")
    await system.publish(*events)

    async def acknowledged() -> bool:
        return await system.committed("kyc") != at_first

    await system.until("a check acknowledges something", acknowledged)
    system.kill_and_hold(*AGENTS)
    for check, offsets in zip(AGENTS, await system.committed(*AGENTS), strict=True):
        answered = {dict(one.headers).get("causationid") for one in await system.records(f"{check}.completed")}
        taken = [
            event_id(one)
            for one in await _of_customer(system, f"{check}.requested", "acknowledged")
            if one.offset < offsets.get(Partition(one.topic, one.partition), 0)
        ]
        assert [one for one in taken if one.encode() not in answered] == []
        print(f"    {check}: {len(taken)} requests were acknowledged when it was killed, and all of them answered")
    system.let_go(*AGENTS)
    await system.all_ended("acknowledged", events)
    await each_had_one_effect(system, "acknowledged", events, before)


async def _of_customer(system: RunningSystem, topic: str, customer: str) -> list[Message]:
    records = await system.records(topic)
    return [one for one in records if (one.key or b"").startswith(f"{customer}:".encode())]


async def _written_again(system: RunningSystem, customer: str) -> dict[str, int]:
    """How many records of a customer repeat one that lies on the topic already."""
    repeats: Counter[str] = Counter()
    for topic in topics():
        found = await _of_customer(system, topic, customer)
        repeats[topic] = len(found) - len({event_id(one) for one in found})
    return {topic: count for topic, count in repeats.items() if count}
