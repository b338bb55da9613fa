"""A topic full of garbage stops its consumer, which says so, and does not drain it into the dead letters."""

from uuid import uuid4

from libs.events.message import Message
from libs.streaming.dead_letters import FEWEST
from tests.factory import onboarded
from tests.faults.once import each_had_one_effect, outcomes
from tests.faults.people import people
from tests.faults.system import RunningSystem

GARBAGE = 500
RUNS = 2


async def test_a_topic_full_of_garbage_stops_the_check(running_system: RunningSystem) -> None:
    system = running_system
    before = await system.letters()
    exits = len(system.exits)
    system.hold("idv")
    await system.publish(*[Message("idv.requested", uuid4().bytes, b"garbage") for _ in range(GARBAGE)])
    system.let_go("idv")

    async def stopped() -> bool:
        return sum(one.name == "idv" for one in system.exits[exits:]) >= RUNS

    await system.until(f"the check has stopped {RUNS} times", stopped)
    ended = [one for one in system.exits[exits:] if one.name == "idv"]
    assert {one.code for one in ended} == {1}
    assert all("stopped before draining it into the dead letters" in one.last_lines for one in ended)
    drained = (await system.letters())["idv"] - before["idv"]
    assert drained < FEWEST * len(ended)
    print(f"\n    {GARBAGE} bad records: stopped {len(ended)} times, {drained} became dead letters")
    await _skip_the_garbage(system)

    documented = next(one for one in people(50, 1).values() if one.documents and one.documents[0].mrz)
    event = onboarded("p1", "garbage", individual=documented)
    await system.publish(event)
    await system.all_ended("garbage", [event])
    assert "IDV" in dict((await outcomes(system, "garbage"))["p1"].steps)
    await each_had_one_effect(system, "garbage", [event])


async def _skip_the_garbage(system: RunningSystem) -> None:
    """As an operator would who has found out who writes there: go on behind it."""
    system.hold("idv")
    ends = await system.broker.ends(["idv.requested"])
    await system.commit("idv", {place: end for place, (_, end) in ends.items()})
    system.let_go("idv")
    await system.ready(["idv"])
