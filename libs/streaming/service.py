"""How a service runs as a process: its parts are put together here, started, and ended with it."""

import asyncio
import gc
import signal
import sys
from collections.abc import Callable

import faust
import structlog
from faust.exceptions import ConsumerNotStarted
from faust.types import TP
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.events.message import Partition
from libs.store.engine import connect
from libs.streaming import metrics
from libs.streaming.agent import faust_app
from libs.streaming.answering import Answering
from libs.streaming.check import Check
from libs.streaming.consumer import Handler, StatefulConsumer, told
from libs.streaming.exporting import tracing_of
from libs.streaming.health import Health
from libs.streaming.kafka import KafkaBroker
from libs.streaming.logs import log_to_stderr
from libs.streaming.ports import Broker
from libs.streaming.progress import Progress
from libs.streaming.references import ReferenceReader
from libs.streaming.sampling import sample
from libs.streaming.settings import Settings

log = structlog.get_logger()


def run_check(build: Callable[[], Check]) -> None:
    """Run a check until it is told to stop."""
    settings = Settings()
    log_to_stderr(settings.log_level)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    broker = KafkaBroker(settings.kafka_bootstrap)
    check = build()
    producer = broker.producer()
    references = ReferenceReader(broker, check.references)
    progress = Progress(check.name, lambda: ends(app))
    tracing = tracing_of(check.name, settings)
    app = faust_app(Answering(check, tracing=tracing), settings.kafka_bootstrap, producer, progress)
    health = Health(lambda: references.current and bool(assigned(app)), progress.live, progress.told)

    async def prepare() -> None:
        if settings.health_port:
            await health.serve(settings.health_host, settings.health_port)
        await producer.start()
        await references.catch_up()

    loop.run_until_complete(prepare())
    collect_less()
    following = loop.create_task(references.run(asyncio.Event()))
    following.add_done_callback(lambda task: task.cancelled() or (task.exception() and loop.stop()))
    sampling = loop.create_task(serve_metrics(settings, progress, broker, None))
    sampling.add_done_callback(lambda task: task.cancelled() or (task.exception() and loop.stop()))
    log.info("started", service=check.name)
    faust.Worker(app, loop=loop, loglevel="WARNING", redirect_stdouts=False, quiet=True).execute_from_commandline()


def assigned(app: faust.App) -> set[TP]:
    """The partitions that a faust app answers for at the moment."""
    consumer = getattr(app, "consumer", None)
    try:
        return set(consumer.assignment()) if consumer is not None and app.started else set()
    except ConsumerNotStarted:  # its thread starts, or ends, at another moment than the app
        return set()


def ends(app: faust.App) -> dict[Partition, int]:
    """Where the logs that a faust app reads ended when they were last read from."""
    consumer = getattr(app, "consumer", None)
    if consumer is None:
        return {}
    found = {one: consumer.highwater(one) for one in assigned(app)}
    return {Partition(one.topic, one.partition): end for one, end in found.items() if end is not None}


async def serve_metrics(settings: Settings, progress: Progress, broker: Broker, engine: AsyncEngine | None) -> None:
    """Serve what the process counts, and look up the rest, where a port is set; else do nothing."""
    if settings.vetstream_metrics_port:
        metrics.serve(settings.vetstream_metrics_host, settings.vetstream_metrics_port)
        await sample(progress, broker, engine)


def run_stateful(build: Callable[[Settings], Handler]) -> None:
    """Run a stateful service until it is told to stop; ends non-zero where the database or the broker is broken."""
    settings = Settings()
    log_to_stderr(settings.log_level)
    sys.exit(asyncio.run(_run_stateful(build(settings), settings)))


async def _run_stateful(handler: Handler, settings: Settings) -> int:
    engine = connect(settings.database_url)
    broker = KafkaBroker(settings.kafka_bootstrap)
    consumer = StatefulConsumer(handler, broker, engine, tracing=tracing_of(handler.group, settings))
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    if settings.health_port:
        health = Health(lambda: consumer.ready, consumer.progress.live, consumer.progress.told)
        await health.serve(settings.health_host, settings.health_port)
    sampling = asyncio.create_task(serve_metrics(settings, consumer.progress, broker, engine))
    beside = asyncio.create_task(handler.beside(engine, stopping))
    beside.add_done_callback(lambda task: stopping.set() if not task.cancelled() and task.exception() else None)
    collect_less()
    log.info("started", service=handler.group)
    try:
        await consumer.run(stopping)
        await beside
    except Exception as error:
        log.error("stopped", service=handler.group, reason=told(error))
        return 1
    finally:
        for task in (sampling, beside):
            task.cancel()
        await asyncio.gather(sampling, beside, return_exceptions=True)
        await engine.dispose()
    return 0


def collect_less() -> None:
    """Look less often for garbage: what is loaded by now stays, and a batch is many objects that die together."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
