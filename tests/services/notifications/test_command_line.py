"""What operators can see and have done again."""

from typing import Any

import orjson
import pytest

from libs.streaming.settings import Settings
from services.notifications import command_line
from services.notifications.settings import NotificationSettings
from tests.libs.delivery.receiver import status
from tests.services.notifications.conftest import MASTER, Alone, Outside
from tests.services.notifications.factory import asked


async def command(alone: Alone, capsys: pytest.CaptureFixture[str], *words: str, **given: str) -> tuple[int, Any]:
    """The exit code, and the lines that were said."""
    parsed = command_line.arguments().parse_args(words)
    code = await command_line.run(parsed, Settings(database_url=alone.url), NotificationSettings(**given), alone.clock)
    said = capsys.readouterr()
    return code, said.err.strip() if code else [orjson.loads(line) for line in said.out.splitlines() if line[0] == "{"]


async def test_parked_ones_are_listed_shown_and_replayed_under_the_same_id(
    alone: Alone, outside: Outside, capsys: pytest.CaptureFixture[str]
) -> None:
    outside.behaviours = [status(422), outside.acts]
    await alone.take(asked(), asked("execution-2", token="token-2"))
    await alone.deliver()
    _, everything = await command(alone, capsys, "list")
    assert sorted(one["state"] for one in everything) == ["DELIVERED", "REFUSED"]
    _, (refused,) = await command(alone, capsys, "list", "--state", "REFUSED", "--customer", "c1")
    code, lines = await command(alone, capsys, "show", refused["id"])
    assert (code, lines[0]["told"]["notificationId"]) == (0, refused["id"])
    assert [(one.get("status"), one.get("changed_by")) for one in lines[2:]] == [
        *((422, None), (None, "workflow"), (422, "notifications"))
    ]
    assert (await command(alone, capsys, "replay", refused["id"], "--by", "ana"))[0] == 0
    await alone.deliver()
    assert [one.headers["idempotency-key"] for one in outside.received].count(refused["id"]) == 2
    told = [one for one in alone.sent("notification.changed") if one.notificationId == refused["id"]]
    assert [(one.state, one.changedBy, one.sequence) for one in told] == [
        *(("ACCEPTED", "workflow", 1), ("REFUSED", "notifications", 2)),
        *(("ACCEPTED", "ana", 3), ("DELIVERED", "notifications", 4)),
    ]


async def test_what_is_not_there_is_told(alone: Alone, capsys: pytest.CaptureFixture[str]) -> None:
    assert await command(alone, capsys, "show", "x") == (1, "there is no notification x")
    assert await command(alone, capsys, "replay", "x") == (1, "x is none that has come to an end")
    assert (await command(alone, capsys, "replay"))[0] == 0
    key = {"vetstream_webhook_key": MASTER.decode()}
    assert await command(alone, capsys, "secret", "x", **key) == (1, 'no endpoint is called "x"')
