"""The operator's commands, on the real broker and a real database."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.events.codec import encode
from libs.store import held
from libs.streaming.__main__ import arguments, run
from libs.streaming.kafka import KafkaBroker
from libs.streaming.settings import Settings
from tests.factory import onboarded


@pytest.fixture
def settings(kafka: KafkaBroker, engine: AsyncEngine) -> Settings:
    """What the commands are told by their environment."""
    url = engine.url.render_as_string(hide_password=False)
    return Settings(kafka_bootstrap=kafka.bootstrap, database_url=url)


async def test_what_is_held_is_listed_a_line_each_and_released(
    settings: Settings, engine: AsyncEngine, capsys: pytest.CaptureFixture[str]
) -> None:
    first = replace(encode(onboarded("p1")), partition=2, offset=7)
    now = datetime(2026, 3, 1, tzinfo=UTC)
    async with engine.begin() as connection:
        await held.hold(connection, "results", "sick", first, now, error="ValidationError: two\n  lines")
        await held.hold(connection, "results", "sick", replace(first, offset=8), now)
    assert await run(arguments().parse_args(["held-list", "--group", "results"]), settings) == 0
    assert capsys.readouterr().out.splitlines() == [
        "sick  2026-03-01T00:00:00Z  entity.onboarded/2/7  ValidationError: two lines",
        "sick  2026-03-01T00:00:00Z  entity.onboarded/2/8  waits behind it",
        "2 events held for results",
    ]
    release = arguments().parse_args(["held-release", "--group", "results", "--subject", "sick"])
    assert await run(release, settings) == 0
    assert capsys.readouterr().out == "released sick: 2 events go on\n"
    async with engine.begin() as connection:
        assert [one.released for one in await held.listed(connection, "results")] == [True, True]


async def test_a_group_that_is_none_is_said(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert await run(arguments().parse_args(["dlq-list", "--group", "nobody"]), settings) == 1
    assert "no consumer group nobody: there are " in capsys.readouterr().err
