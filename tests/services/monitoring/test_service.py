"""Subscriptions that are begun and ended, by steps and by the topic."""

from tests.factory import person
from tests.services.monitoring.conftest import Alone
from tests.services.monitoring.factory import changed, command, step

CHANGED = "subscription.changed"


def changes(alone: Alone) -> list[tuple[str, bool, bool, int]]:
    return [(one.monitoringType, one.enabled, one.wasEnabled, one.sequence) for one in alone.sent(CHANGED)]


async def test_a_step_begins_a_subscription_and_is_answered(alone: Alone) -> None:
    await alone.take(step(monitoringTypes='["AML"]'))
    assert changes(alone) == [("AML", True, False, 1)]
    (completed,) = alone.sent("monitoring.completed")
    assert (completed.task.token, completed.result.outcome.result) == ("execution-1.3.mac", "COMPLETE")


async def test_a_step_that_cannot_be_meant_is_answered_and_changes_nothing(alone: Alone) -> None:
    await alone.take(step(monitoringTypes="PEP"))
    assert changes(alone) == []
    (completed,) = alone.sent("monitoring.completed")
    assert completed.error == "Check.BadSettings"


async def test_a_subscription_is_begun_and_ended_by_the_topic(alone: Alone) -> None:
    await alone.take(command(types=["AML"]), command(types=["AML"], enabled=False, individual=None))
    assert changes(alone) == [("AML", True, False, 1), ("AML", False, True, 2)]
    await alone.take(command())
    assert changes(alone)[2:] == [("AML", True, False, 3), ("ACTIVITY", True, False, 1)]


async def test_a_repeat_has_no_effect(alone: Alone) -> None:
    begin, end = command(id="a", types=["AML"]), command(id="b", types=["AML"], enabled=False)
    await alone.take(begin, begin, end, begin)
    await alone.take(begin, end)
    assert changes(alone) == [("AML", True, False, 1), ("AML", False, True, 2)]


async def test_the_persons_data_goes_with_their_last_subscription(alone: Alone) -> None:
    await alone.take(command(individual=person("Ada"), entityVersion=2))
    (row,) = await alone.rows("SELECT entity_version, individual FROM subscribers")
    assert (row.entity_version, row.individual["name"]["givenName"]) == (2, "Ada")
    await alone.take(command(enabled=False))
    assert await alone.rows("SELECT 1 FROM subscribers") == []
    assert [row.enabled for row in await alone.rows("SELECT enabled FROM subscriptions")] == [False, False]


async def test_other_persons_are_not_touched(alone: Alone) -> None:
    await alone.take(command("p1"), command("p2"))
    await alone.take(command("p1", enabled=False))
    assert [row.entity_id for row in await alone.rows("SELECT entity_id FROM subscribers")] == ["p2"]


async def test_what_cannot_be_meant_is_a_dead_letter_and_the_rest_of_the_batch_counts(alone: Alone) -> None:
    await alone.take(command("p1", individual=None), command("p2", types=["PEP"]), command("p3", types=["AML"]))
    assert sorted(letter.reason for letter in alone.sent("dlq.monitoring")) == ["NO_PERSON", "UNKNOWN_MONITORING_TYPE"]
    assert [(one.entityId, one.monitoringType) for one in alone.sent(CHANGED)] == [("p3", "AML")]


async def test_who_is_watched_is_known_as_they_are_now(alone: Alone) -> None:
    await alone.take(command("p1", individual=person("Ada", "Obi"), entityVersion=1), command("p2"))
    (before,) = await alone.rows("SELECT keys FROM subscribers WHERE entity_id = 'p1'")
    await alone.take(changed(person("Ada", "Eze")), changed(person("Too", "Late"), id="second"))
    (row,) = await alone.rows("SELECT * FROM subscribers WHERE entity_id = 'p1'")
    assert (row.entity_version, row.individual["name"]["familyName"]) == (2, "Eze")
    assert row.keys != before.keys
    assert len(await alone.rows("SELECT 1 FROM subscribers WHERE entity_id = 'p2' AND entity_version = 1")) == 1


async def test_an_older_version_never_overwrites_a_newer_one(alone: Alone) -> None:
    await alone.take(command("p1", individual=person("Ada", "Obi"), entityVersion=3), changed(person("Old", "Name")))
    (row,) = await alone.rows("SELECT * FROM subscribers")
    assert row.individual["name"]["familyName"] == "Obi"


async def test_who_was_deleted_is_watched_no_more(alone: Alone) -> None:
    await alone.take(command("p1", types=["AML"], entityVersion=1), changed(None), changed(person(), 3))
    assert changes(alone) == [("AML", True, False, 1), ("AML", False, True, 2)]
    assert await alone.rows("SELECT 1 FROM subscribers") == []


async def test_of_somebody_who_is_not_watched_nothing_is_kept(alone: Alone) -> None:
    await alone.take(changed(person()))
    assert await alone.rows("SELECT 1 FROM subscribers") == []
    assert changes(alone) == []
