"""What comes again, has no effect again: every record written twice, and every topic read from its beginning."""

from tests.factory import onboarded
from tests.faults.once import each_had_one_effect, nothing_is_unsent, outcomes, rebuilt_is_equal
from tests.faults.people import people
from tests.faults.repeating import Repeating
from tests.faults.system import STATEFUL, RunningSystem

PEOPLE = 100
SEED = 2
INSTANCES = tuple(f"{one}-{number}" for one in STATEFUL for number in (1, 2))

# All that the services that keep state know, as one number a table. The dead letters of records that are no events
# are written again when those records are read again, so the outbox counts without them.
KNOWN = {
    "orchestration": {
        "executions": "SELECT * FROM executions",
        "inbox": "SELECT source, event_id FROM inbox",
        "outbox": "SELECT id, event_id FROM outbox WHERE topic NOT LIKE 'dlq.%'",
    },
    "duplicates": {
        "persons": "SELECT * FROM persons",
        "keys": "SELECT * FROM person_keys",
        "outbox": "SELECT id, event_id FROM outbox WHERE topic NOT LIKE 'dlq.%'",
    },
    "results": {
        name: f"SELECT * FROM projection.{name}"
        for name in ("individuals", "executions", "step_results", "process_results", "history", "overrides", "waiting")
    },
}


async def known(system: RunningSystem) -> dict[str, str]:
    """Count and digest of each table."""
    found = {}
    for service, tables in KNOWN.items():
        for name, rows in tables.items():
            statement = f"""SELECT count(*), md5(coalesce(string_agg(row, '' ORDER BY row), ''))
                            FROM (SELECT CAST(t.* AS text) AS row FROM ({rows}) AS t) AS texts"""
            found[f"{service}.{name}"] = " ".join(map(str, (await system.query(service, statement))[0]))
    return found


async def test_every_record_written_twice_changes_no_outcome(running_system: RunningSystem) -> None:
    system = running_system
    before = await system.letters()
    everybody = people(PEOPLE, SEED)
    once = [onboarded(entity, "once", individual=person) for entity, person in everybody.items()]
    twice = [onboarded(entity, "twice", individual=person) for entity, person in everybody.items()]
    await system.publish(*once)
    await system.all_ended("once", once)
    async with Repeating(system.bootstrap) as repeating:
        await system.publish(*twice)
        seconds = await system.all_ended("twice", twice)
        await system.until("all is repeated", repeating.all_repeated)
        await system.until("all repeats are taken", system.caught_up)
        await system.until("all that followed is repeated", repeating.all_repeated)
    await system.until("all is taken", system.caught_up)
    print(f"\n    {PEOPLE} people twice in {seconds:.1f} s, repeated: {dict(repeating.repeated)}")
    assert repeating.repeated["entity.onboarded"] == PEOPLE
    assert repeating.repeated["decision.requested"] >= PEOPLE
    assert repeating.repeated["workflow.progressed"] >= PEOPLE
    assert await outcomes(system, "twice") == await outcomes(system, "once")
    await each_had_one_effect(system, "twice", twice, before)


async def test_reading_every_topic_from_its_beginning_does_nothing_twice(running_system: RunningSystem) -> None:
    system = running_system
    everybody = people(PEOPLE, SEED)
    early, late = list(everybody.items())[: PEOPLE // 2], list(everybody.items())[PEOPLE // 2 :]
    events = [onboarded(entity, "again", individual=person) for entity, person in early]
    await system.publish(*events)
    await system.all_ended("again", events)
    await nothing_is_unsent(system)
    await system.until("all is taken", system.caught_up)
    before = await known(system)

    await _kafka_forgets(system)
    assert await known(system) == before
    await _databases_forget(system)
    assert await known(system) == before

    more = [onboarded(entity, "again", individual=person) for entity, person in late]
    await system.publish(*more)
    await system.all_ended("again", [*events, *more])
    await each_had_one_effect(system, "again", [*events, *more])
    await rebuilt_is_equal(system)


async def _kafka_forgets(system: RunningSystem) -> None:
    """What Kafka holds of the groups is set to the beginning, as when its offsets were lost."""
    system.hold(*INSTANCES)
    beginnings = {group: dict.fromkeys(await system.positions(group), 0) for group in STATEFUL}
    for group, places in beginnings.items():
        await system.commit(group, places)
    for told_to_kafka in await system.committed(*STATEFUL):
        assert set(told_to_kafka.values()) == {0}
    system.let_go(*INSTANCES)
    await system.ready(INSTANCES)

    async def told() -> bool:
        stored = [await system.positions(group) for group in STATEFUL]
        return all(
            kafka.get(place) == position[place]
            for kafka, position in zip(await system.committed(*STATEFUL), stored, strict=True)
            for place in position
        )

    seconds = await system.until("the groups have told Kafka again where they are", told)
    print(f"\n    offsets in Kafka set to 0 and told again {seconds:.1f} s after the start")


async def _databases_forget(system: RunningSystem) -> None:
    """The groups' own positions are lost too: all is read again, and the inbox knows it."""
    system.hold(*INSTANCES)
    rows = sum([await system.change(group, "DELETE FROM consumer_offsets") for group in STATEFUL])
    system.let_go(*INSTANCES)
    await system.ready(INSTANCES)
    seconds = await system.until("all is read again", system.caught_up)
    read = sum([sum((await system.positions(group)).values()) for group in STATEFUL])
    await nothing_is_unsent(system)
    print(f"    {rows} positions deleted, {read} records read again in {seconds:.1f} s")
