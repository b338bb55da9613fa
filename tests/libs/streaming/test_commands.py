"""The operator's commands, on the real broker and database."""

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.events.message import Message
from libs.store import held
from libs.streaming.__main__ import arguments, run
from libs.streaming.consumer import StatefulConsumer
from libs.streaming.kafka import KafkaBroker
from libs.streaming.settings import Settings
from tests.factory import NOON
from tests.libs.streaming.conftest import Diary


async def command(engine: AsyncEngine, kafka: KafkaBroker, *words: str) -> int:
    url = engine.url.render_as_string(hide_password=False)
    return await run(arguments().parse_args(words), Settings(kafka_bootstrap=kafka.bootstrap, database_url=url))


async def test_dead_letters_are_listed_shown_and_replayed(
    engine: AsyncEngine, kafka: KafkaBroker, capsys: pytest.CaptureFixture[str]
) -> None:
    producer = kafka.producer()
    await producer.start()
    (bad,) = await producer.send([Message("workflow.requested", b"c1:p1", b"not framed", (("ce_id", b"bad-1"),))])
    await producer.stop()
    consumer = StatefulConsumer(Diary(topics=("workflow.requested",)), kafka, engine)
    await consumer.start()
    while not await consumer.run_once(0.2):
        pass
    await consumer.stop()
    assert await command(engine, kafka, "dlq-list", "--group", "results") == 0
    line = capsys.readouterr().out.splitlines()[-2]
    assert f"workflow.requested/{bad.partition}/{bad.offset}  NOT_FRAMED" in line
    number = line.split()[0]
    assert await command(engine, kafka, "dlq-show", "--group", "results", "--number", number) == 0
    shown = capsys.readouterr().out
    assert "value  b'not framed'" in shown
    assert "header ce_id: b'bad-1'" in shown
    assert await command(engine, kafka, "dlq-replay", "--group", "results", "--number", number) == 0
    assert capsys.readouterr().out == "replayed 1 to results\n"
    assert await command(engine, kafka, "held-list", "--group", "results") == 0
    assert f"replay:workflow.requested/{bad.partition}/{bad.offset}" in capsys.readouterr().out


async def test_what_is_held_is_listed_and_released(
    engine: AsyncEngine, kafka: KafkaBroker, capsys: pytest.CaptureFixture[str]
) -> None:
    async with engine.begin() as connection:
        message = Message("entity.onboarded", b"k", b"v", partition=0, offset=7)
        await held.hold(connection, "results", "sick", message, NOON, error="ZeroDivisionError: x")
    assert await command(engine, kafka, "held-list", "--group", "results") == 0
    assert "sick  2026-03-01T12:00:00Z  entity.onboarded/0/7  ZeroDivisionError: x" in capsys.readouterr().out
    assert await command(engine, kafka, "held-release", "--group", "results", "--subject", "sick") == 0
    assert await command(engine, kafka, "held-release", "--group", "results", "--subject", "nobody") == 1
    assert capsys.readouterr().err == "nothing is held by that name\n"


async def test_a_group_that_does_not_exist_is_named(
    engine: AsyncEngine, kafka: KafkaBroker, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await command(engine, kafka, "dlq-list", "--group", "kyd") == 1
    assert "no consumer group kyd: there are aml, " in capsys.readouterr().err
