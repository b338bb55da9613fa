"""What is looked up for the metrics now and then, only where they are served: lag, and the depth of what waits."""

import asyncio

import structlog
from aiokafka.errors import KafkaError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.events.catalogue import dead_letter_topic
from libs.streaming import metrics
from libs.streaming.ports import Broker
from libs.streaming.progress import Progress

EVERY_SECONDS = 10.0
# Asking for the end of a topic opens connections.
BROKER_EVERY = 6

_DEPTHS = text("""
    SELECT (SELECT count(*) FROM outbox_unsent) AS outbox,
           (SELECT count(*) FROM held WHERE consumer_group = :group) AS held""")

log = structlog.get_logger()


async def sample(progress: Progress, broker: Broker, engine: AsyncEngine | None) -> None:
    """Keep the gauges current until cancelled; an agent has no `engine`. What cannot be asked stays as it was."""
    turn = 0
    while True:
        lag(progress)
        try:
            if engine is not None:
                await depths(progress.group, engine)
            if turn % BROKER_EVERY == 0:
                await dead_letters(progress.group, broker)
        except (SQLAlchemyError, KafkaError, OSError) as error:
            log.warning("sample.failed", group=progress.group, error=type(error).__name__)
        turn += 1
        await asyncio.sleep(EVERY_SECONDS)


def lag(progress: Progress) -> None:
    """How far the consumer is behind; topics that it reads no more are none of its gauges."""
    metrics.LAG_MESSAGES.clear()
    metrics.LAG_SECONDS.clear()
    for topic, one in progress.lag().items():
        metrics.LAG_MESSAGES.labels(progress.group, topic).set(one.messages)
        metrics.LAG_SECONDS.labels(progress.group, topic).set(one.seconds)


async def depths(group: str, engine: AsyncEngine) -> None:
    """What the database holds that is still to be done."""
    async with engine.connect() as connection:
        row = (await connection.execute(_DEPTHS, {"group": group})).one()
    metrics.OUTBOX.labels(group).set(row.outbox)
    metrics.HELD.labels(group).set(row.held)


async def dead_letters(group: str, broker: Broker) -> None:
    """How many there are on the topic, replayed ones included."""
    ends = await broker.ends([dead_letter_topic(group)])
    metrics.DEAD_LETTER_DEPTH.labels(group).set(sum(end - start for start, end in ends.values()))
