"""Subscriptions that are begun and ended, by steps and by the topic."""

from tests.factory import person
from tests.services.monitoring.conftest import Alone
from tests.services.monitoring.factory import command, step

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
