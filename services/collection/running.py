"""Collection as a process: its pages, what works on pictures, and what listens to review, put together and ended."""

import asyncio
import signal
from contextlib import suppress
from pathlib import Path

import structlog
import uvicorn
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy.exc import IntegrityError

from libs.blobs.directory import Directory
from libs.store.engine import connect
from libs.streaming.consumer import StatefulConsumer, told
from libs.streaming.health import Health
from libs.streaming.kafka import KafkaBroker
from libs.streaming.logs import log_to_stderr
from libs.streaming.ports import Broker, Clock, system_clock
from libs.streaming.service import collect_less, serve_metrics
from services.collection import pages, policy, store, texts
from services.collection.app import create_app
from services.collection.links import PURPOSE
from services.collection.machine import load
from services.collection.parts import Parts
from services.collection.service import CollectionHandler, Telling
from services.collection.settings import CollectionSettings
from services.collection.working import Working

log = structlog.get_logger()


def parts_of(settings: CollectionSettings, broker: Broker, clock: Clock = system_clock) -> Parts:
    """What the pages work with, nothing of it started; raises ValueError where there is no store of files."""
    if not settings.blobs_directory:
        raise ValueError("BLOBS_DIRECTORY names no folder: there is nowhere to keep pictures")
    engine = connect(settings.database_url, pool=settings.collection_connections)
    blobs = Directory(Path(settings.blobs_directory))
    asked = policy.load(Path(settings.collection_policy)) if settings.collection_policy else policy.load()
    return Parts(
        engine,
        blobs,
        asked,
        load(),
        texts.load(),
        Working(engine, blobs, settings.spool, asked, clock, settings.collection_workers),
        Telling(engine, broker.producer(), clock),
        clock,
        settings.collection_customer,
        settings.collection_workflow,
        settings.address,
    )


def run(settings: CollectionSettings) -> int:
    """Serve until told to stop; 1 where the database or the broker is broken."""
    log_to_stderr(settings.log_level)
    return asyncio.run(_run(settings))


async def _run(settings: CollectionSettings) -> int:
    broker = KafkaBroker(settings.kafka_bootstrap)
    parts = parts_of(settings, broker)
    # The pages and the consumer do not wait for each other's connections.
    listening = connect(settings.database_url)
    consumer = StatefulConsumer(CollectionHandler(), broker, listening)
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(parts, settings.vetstream_web_key),
            settings.web_host,
            settings.web_port,
            lifespan="off",
            log_config=None,
            access_log=False,
        )
    )
    stopping = asyncio.Event()
    failed: list[BaseException] = []

    def stop() -> None:
        stopping.set()
        server.should_exit = True

    def ended(task: "asyncio.Task[None]") -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            failed.append(error)
            stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        # uvicorn handles them, too, and raises them once more when it has stopped: then nobody listens.
        signal.signal(number, lambda *_: None)
    await parts.telling.producer.start()
    parts.working.start(ended)
    following = asyncio.create_task(consumer.run(stopping))
    following.add_done_callback(ended)
    sampling = asyncio.create_task(serve_metrics(settings, consumer.progress, broker, parts.engine))
    if settings.health_port:
        health = Health(lambda: consumer.ready and server.started, consumer.progress.live, consumer.progress.told)
        await health.serve(settings.health_host, settings.health_port)
    collect_less()
    log.info("started", service="collection")
    try:
        await server.serve()
    finally:
        stop()
        sampling.cancel()
        await parts.working.stop()
        await asyncio.gather(following, sampling, return_exceptions=True)
        await parts.telling.producer.stop()
        await parts.engine.dispose()
        await listening.dispose()
    for error in failed:
        log.error("stopped", service="collection", reason=told(error))
    return 1 if failed else 0


async def link(settings: CollectionSettings, entity_id: str) -> str:
    """A link for a person, whose collection is begun where there is none."""
    parts = parts_of(settings, KafkaBroker(settings.kafka_bootstrap))
    try:
        with suppress(IntegrityError):
            await pages.new(parts, entity_id)
        async with parts.engine.begin() as connection:
            one = await store.load_of(connection, parts.customer, entity_id)
    finally:
        await parts.engine.dispose()
    assert one is not None
    signer = URLSafeTimedSerializer(settings.vetstream_web_key, salt=f"vetstream.{PURPOSE}")
    return f"{settings.address}/apply/{signer.dumps(one.collection_id)}"
