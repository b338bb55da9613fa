"""How a service runs as a process: its parts are put together here, started, and ended with it."""

import asyncio
import gc
import logging
import signal
import sys
from collections.abc import Callable

import faust
import structlog
from faust.exceptions import ConsumerNotStarted

from libs.store.engine import connect
from libs.streaming.agent import faust_app
from libs.streaming.answering import Answering
from libs.streaming.check import Check
from libs.streaming.consumer import Handler, StatefulConsumer
from libs.streaming.health import Health
from libs.streaming.kafka import KafkaBroker
from libs.streaming.references import ReferenceReader
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
    app = faust_app(Answering(check), settings.kafka_bootstrap, producer)
    health = Health(ready=lambda: references.current and bool(assigned(app)))

    async def prepare() -> None:
        if settings.health_port:
            await health.serve(settings.health_host, settings.health_port)
        await producer.start()
        await references.catch_up()

    loop.run_until_complete(prepare())
    collect_less()
    following = loop.create_task(references.run(asyncio.Event()))
    following.add_done_callback(lambda task: task.cancelled() or (task.exception() and loop.stop()))
    log.info("started", service=check.name)
    faust.Worker(app, loop=loop, loglevel="WARNING", redirect_stdouts=False, quiet=True).execute_from_commandline()


def assigned(app: faust.App) -> set[object]:
    """The partitions that a faust app answers for at the moment."""
    consumer = getattr(app, "consumer", None)
    try:
        return set(consumer.assignment()) if consumer is not None and app.started else set()
    except ConsumerNotStarted:  # its thread starts, or ends, at another moment than the app
        return set()


def run_stateful(build: Callable[[Settings], Handler]) -> None:
    """Run a stateful service until it is told to stop; ends non-zero where the database or the broker is broken."""
    settings = Settings()
    log_to_stderr(settings.log_level)
    sys.exit(asyncio.run(_run_stateful(build(settings), settings)))


async def _run_stateful(handler: Handler, settings: Settings) -> int:
    engine = connect(settings.database_url)
    consumer = StatefulConsumer(handler, KafkaBroker(settings.kafka_bootstrap), engine)
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    if settings.health_port:
        await Health(ready=lambda: consumer.ready).serve(settings.health_host, settings.health_port)
    collect_less()
    log.info("started", service=handler.group)
    try:
        await consumer.run(stopping)
    except Exception as error:
        log.error("stopped", service=handler.group, reason=f"{type(error).__name__}: {error}")
        return 1
    finally:
        await engine.dispose()
    return 0


def collect_less() -> None:
    """Look less often for garbage: what is loaded by now stays, and a batch is many objects that die together."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def log_to_stderr(level: str) -> None:
    """Structured lines of JSON on standard error."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
    for name in ("aiokafka", "faust", "mode"):  # faust's worker opens the root logger to every debugging message
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
