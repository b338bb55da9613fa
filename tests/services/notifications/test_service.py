"""An outside service is told once in effect: while it is down, slow, failing, or answers after it has acted."""

from datetime import timedelta

import pytest

from libs.delivery.attempts import LEASE
from services.notifications.endpoints import Endpoint
from tests.libs.delivery.receiver import Received, status
from tests.services.notifications.conftest import Alone, Outside
from tests.services.notifications.factory import asked


async def test_a_step_is_answered_when_it_is_kept_and_the_rest_follows(alone: Alone, outside: Outside) -> None:
    await alone.take(asked())
    assert alone.answers() == [("token-1", "NOTIFICATION_ACCEPTED")]
    assert outside.connections == 0
    await alone.deliver()
    (one,) = outside.received
    (id,) = outside.acted
    assert (one.json["notificationId"], one.headers["webhook-id"], one.path) == (id, id, "/hook")
    assert one.headers["content-type"] == "application/json"
    assert one.signed_by(alone.secret)
    assert not Received(one.path, one.headers, one.body + b" ").signed_by(alone.secret)
    assert alone.states() == [("ACCEPTED", 0), ("DELIVERED", 1)]
    accepted, delivered = alone.sent("notification.changed")
    assert (accepted.changedBy, delivered.changedBy, delivered.status) == ("workflow", "notifications", 202)
    assert (accepted.notificationId, accepted.workflowExecutionId) == (id, "execution-1")
    assert [accepted.sequence, delivered.sequence] == [1, 2]


async def test_one_that_waits_is_answered_once_it_was_delivered(alone: Alone, outside: Outside) -> None:
    await alone.take(asked(wait="delivered"))
    assert alone.answers() == []
    await alone.deliver()
    assert alone.answers() == [("token-1", "NOTIFICATION_DELIVERED")]


async def test_redelivered_and_retried_requests_are_one_notification(alone: Alone, outside: Outside) -> None:
    await alone.take(asked(id="a"), asked(id="a"))
    await alone.take(asked(id="a"), asked(token="token-2", id="b"))
    await alone.deliver()
    await alone.take(asked(token="token-3", id="c", wait="delivered"))
    assert len(outside.received) == 1
    assert alone.answers() == [
        ("token-1", "NOTIFICATION_ACCEPTED"),
        ("token-2", "NOTIFICATION_ACCEPTED"),
        ("token-3", "NOTIFICATION_DELIVERED"),
    ]
    assert alone.sent("notification.completed")[1].result.outcome.reasons[1].code == "NOTIFICATION_REPEATED"
    assert alone.states() == [("ACCEPTED", 0), ("DELIVERED", 1)]


async def test_a_retry_that_waits_is_answered_in_place_of_the_one_before(alone: Alone) -> None:
    await alone.take(asked(wait="delivered", id="a"))
    await alone.take(asked(token="token-2", wait="delivered", id="b"))
    await alone.deliver()
    assert alone.answers() == [("token-2", "NOTIFICATION_DELIVERED")]


async def test_one_that_is_down_is_told_when_it_is_up_again(alone: Alone, outside: Outside) -> None:
    server = await outside.serve()
    url = outside.url
    server.close()
    await server.wait_closed()
    alone.tells(Endpoint(name="rejections", url=url))
    await alone.take(asked())
    await alone.deliver(times=3)
    assert (outside.connections, alone.states()) == (0, [("ACCEPTED", 0)])
    attempts = await alone.rows("SELECT status, error FROM delivery_attempts ORDER BY number")
    assert len(attempts) == 3
    assert all(one.status is None and "Cannot connect" in one.error for one in attempts)
    again = await outside.serve()
    alone.tells(Endpoint(name="rejections", url=outside.url))
    alone.now += timedelta(hours=1)
    await alone.deliver()
    again.close()
    assert alone.states() == [("ACCEPTED", 0), ("DELIVERED", 4)]


@pytest.mark.parametrize("first", [500, 503, 429, 409, 302, 401])
async def test_one_that_fails_first_gets_the_same_again(alone: Alone, outside: Outside, first: int) -> None:
    outside.behaviours = [status(first), outside.acts]
    await alone.take(asked())
    await alone.deliver(times=2)
    assert len({(one.headers["idempotency-key"], one.body) for one in outside.received}) == 1
    assert [row.status for row in await alone.rows("SELECT * FROM delivery_attempts ORDER BY number")] == [first, 202]
    assert alone.states()[-1] == ("DELIVERED", 2)


async def test_one_that_answers_after_it_has_acted_acts_once(alone: Alone, outside: Outside) -> None:
    outside.behaviours = [outside.acts_and_stalls, outside.acts_and_hangs_up, outside.acts]
    await alone.take(asked())
    await alone.deliver(times=3)
    assert (len(outside.received), len(outside.acted)) == (3, 1)
    assert [row.error for row in await alone.rows("SELECT * FROM delivery_attempts ORDER BY number")] == [
        *("no answer in time", "ServerDisconnectedError: Server disconnected", None)
    ]
    assert alone.states() == [("ACCEPTED", 0), ("DELIVERED", 3)]


async def test_after_a_day_it_is_parked_and_whoever_waits_is_answered(alone: Alone, outside: Outside) -> None:
    outside.behaviours = [status(503)]
    await alone.take(asked(wait="delivered"))
    await alone.deliver(times=30)
    tried = len(outside.received)
    assert 20 <= tried <= 26
    assert alone.states() == [("ACCEPTED", 0), ("PARKED", tried)]
    assert alone.answers() == [("token-1", "NOTIFICATION_PARKED")]


async def test_what_it_does_not_take_is_not_tried_again(alone: Alone, outside: Outside) -> None:
    outside.behaviours = [status(422)]
    await alone.take(asked(wait="delivered"))
    await alone.deliver(times=3)
    assert (len(outside.received), alone.states()[-1]) == (1, ("REFUSED", 1))
    (answer,) = alone.sent("notification.completed")
    assert answer.result.outcome.result == "INCOMPLETE"


async def test_what_is_for_nobody_is_parked_with_the_reason(alone: Alone, outside: Outside) -> None:
    alone.tells(Endpoint(name="others", url=outside.url, purpose="acceptance"))
    await alone.take(asked())
    await alone.deliver()
    assert (outside.connections, alone.states()) == (0, [("ACCEPTED", 0), ("PARKED", 0)])
    assert "no endpoint is configured" in alone.sent("notification.changed")[1].error


async def test_an_instance_that_dies_with_a_delivery_leaves_it_to_the_next(alone: Alone, outside: Outside) -> None:
    await alone.take(asked())
    async with alone.engine.begin() as connection:
        assert len(await alone.deliveries.claim(connection, {}, alone.now)) == 1
    await alone.deliver()
    assert outside.received == []
    alone.now += LEASE
    await alone.deliver()
    assert alone.states()[-1] == ("DELIVERED", 2)


async def test_of_one_endpoint_only_so_many_are_under_way(alone: Alone) -> None:
    await alone.take(*(asked(f"execution-{number}") for number in range(20)))
    async with alone.engine.begin() as connection:
        claimed = await alone.deliveries.claim(connection, {"rejections": 3}, alone.now)
        assert len(claimed) == alone.deliveries.places - 3


async def test_a_step_that_cannot_be_meant_is_answered_and_nothing_is_told(alone: Alone, outside: Outside) -> None:
    await alone.take(asked(url=outside.url))
    await alone.deliver()
    assert alone.answers() == [("token-1", "Check.BadSettings")]
    assert (outside.connections, alone.states()) == (0, [])
