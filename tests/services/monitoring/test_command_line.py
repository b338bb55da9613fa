"""`python -m services.monitoring alert`."""

import pytest

from libs.streaming.settings import Settings
from services.monitoring import command_line
from tests.factory import NOON, person
from tests.services.monitoring.conftest import Alone
from tests.services.monitoring.factory import command


async def alert(alone: Alone, entity: str = "p1", type: str = "AML") -> int:
    told = ["alert", "--customer", "c1", "--entity", entity, "--type", type, "--reason", "seen in the news"]
    asked = command_line.arguments().parse_args([*told, "--by", "Ana"])
    return await command_line.run(asked, Settings(database_url=alone.url), lambda: NOON)


async def test_an_alert_is_sent_with_the_person_as_known_and_kept_without(
    alone: Alone, capsys: pytest.CaptureFixture[str]
) -> None:
    await alone.take(command(types=["AML"], individual=person("Ada"), entityVersion=4))
    capsys.readouterr()
    assert await alert(alone) == 0
    alert_id = capsys.readouterr().out.strip()
    (row,) = await alone.rows("SELECT * FROM alerts")
    assert (row.alert_id, row.kind, row.raised_by, row.raised_at) == (alert_id, "REPORTED", "Ana", NOON)
    assert (row.reason, row.list_id) == ("seen in the news", None)
    (waiting,) = await alone.rows("SELECT o.event_id, o.topic FROM outbox o JOIN outbox_unsent USING (id)")
    assert tuple(waiting) == (alert_id, "monitoring.alerted")


@pytest.mark.parametrize(("entity", "type"), [("p1", "ACTIVITY"), ("p2", "AML")])
async def test_nobody_who_is_not_watched_for_it_is_alerted(
    alone: Alone, entity: str, type: str, capsys: pytest.CaptureFixture[str]
) -> None:
    await alone.take(command("p1", types=["AML"]))
    assert await alert(alone, entity, type) == 1
    assert capsys.readouterr().err == f"{entity} of customer c1 is not watched for {type}\n"
    assert await alone.rows("SELECT 1 FROM alerts") == []


async def test_without_a_database_it_says_what_is_needed(capsys: pytest.CaptureFixture[str]) -> None:
    told = ["alert", "--customer", "c1", "--entity", "p1", "--type", "AML", "--reason", "x"]
    assert await command_line.run(command_line.arguments().parse_args(told), Settings(database_url="")) == 1
    assert capsys.readouterr().err == "DATABASE_URL must name the database of monitoring\n"
