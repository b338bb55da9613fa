"""Deliveries as a process: `python -m services.results.webhooks`."""

import asyncio
import signal
import sys
import time

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.delivery.addresses import Reachable, networks
from libs.delivery.sending import Sender
from libs.delivery.worker import Worker
from libs.store.engine import connect
from libs.streaming import metrics
from libs.streaming.consumer import told
from libs.streaming.health import Health
from libs.streaming.logs import log_to_stderr
from libs.streaming.settings import Settings
from services.results.webhooks.kind import MEASURES, Webhooks
from services.results.webhooks.settings import WebhookSettings
from services.results.webhooks.store import LOG

# A look that takes longer than this makes no progress.
STUCK_SECONDS = 60.0

log = structlog.get_logger()


async def deliver(settings: Settings, webhooks: WebhookSettings) -> int:
    """Deliver until told to stop; the exit code."""
    if not webhooks.vetstream_webhook_key:
        log.error("stopped", service="webhooks", reason="VETSTREAM_WEBHOOK_KEY must hold the webhooks' master key")
        return 1
    engine = connect(settings.database_url, pool=8)
    sender = Sender(Reachable(networks(webhooks.networks)))
    worker = Worker(engine, Webhooks(webhooks.vetstream_webhook_key.encode()), sender)
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    if settings.health_port:
        progress = Health(
            ready=lambda: worker.looks > 0, live=lambda: time.monotonic() - worker.looked_at < STUCK_SECONDS
        )
        await progress.serve(settings.health_host, settings.health_port)
    sampling = asyncio.create_task(_serve_metrics(settings, engine))
    log.info("started", service="webhooks")
    try:
        await worker.run(stopping)
    except Exception as error:
        log.error("stopped", service="webhooks", reason=told(error))
        return 1
    finally:
        sampling.cancel()
        await asyncio.gather(sampling, return_exceptions=True)
        await engine.dispose()
    return 0


async def _serve_metrics(settings: Settings, engine: AsyncEngine) -> None:
    if settings.vetstream_metrics_port:
        metrics.serve(settings.vetstream_metrics_host, settings.vetstream_metrics_port)
        await MEASURES.sample(engine, LOG)


def main() -> int:
    """Run until told to stop; non-zero where the database is broken."""
    settings = Settings()
    log_to_stderr(settings.log_level)
    return asyncio.run(deliver(settings, WebhookSettings()))


if __name__ == "__main__":
    sys.exit(main())
