"""`python -m services.orchestration.setup`: the newest table layout, and the shipped workflows published."""

import asyncio

from libs.events.codec import encode
from libs.events.message import Event, derived_id
from libs.store.engine import connect
from libs.store.migrate import migrate
from libs.streaming.kafka import KafkaBroker
from libs.streaming.ports import Broker, Clock, system_clock
from libs.streaming.settings import Settings
from services.orchestration.definitions import publish, shipped


async def set_up(database_url: str, broker: Broker, clock: Clock = system_clock) -> None:
    """Migrate, keep the shipped workflows, and announce them."""
    await migrate(database_url, "services.orchestration")
    now = clock()
    engine, producer, files = connect(database_url), broker.producer(), bool(Settings().vetstream_files)
    async with engine.begin() as connection:
        for workflow in shipped():
            await publish(connection, workflow, now, files=files)
    await engine.dispose()
    await producer.start()
    await producer.send(
        [
            encode(
                Event(
                    id=derived_id(workflow.machine.content_hash, workflow.service_name, workflow.workflow_name),
                    topic="workflow.published",
                    source="orchestration",
                    time=now,
                    key=f"{workflow.service_name}:{workflow.workflow_name}",
                    data=workflow.published(now),
                )
            )
            for workflow in shipped()
        ]
    )
    await producer.stop()


if __name__ == "__main__":
    settings = Settings()
    asyncio.run(set_up(settings.database_url, KafkaBroker(settings.kafka_bootstrap)))
