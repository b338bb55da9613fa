"""The API as a process: `python -m services.results.api`."""

import asyncio
import signal
import sys
from pathlib import Path

import uvicorn
from pydantic import Field

from libs.blobs.directory import Directory
from libs.store.engine import connect
from libs.streaming import metrics
from libs.streaming.exporting import tracing_of
from libs.streaming.kafka import KafkaBroker
from libs.streaming.logs import log_to_stderr
from libs.streaming.settings import Settings
from services.results.api.app import create_app
from services.results.api.parts import ProducerPublisher
from services.results.api.webhooks import Means
from services.results.settings import PolicySettings
from services.results.webhooks.addresses import Reachable, networks
from services.results.webhooks.settings import WebhookSettings


class ApiSettings(Settings, WebhookSettings):
    """Read when the process starts."""

    api_host: str = Field(default="127.0.0.1", description="Address that the API listens on.")
    api_port: int = Field(default=8080, description="Port that the API listens on.")
    api_wait_seconds: float = Field(default=5.0, description="How long a caller is kept waiting for a result.")
    api_connections: int = Field(default=10, description="Connections to the database.")


async def serve(settings: ApiSettings) -> None:
    """Serve until told to stop."""
    engine = connect(settings.database_url, pool=settings.api_connections)
    broker = KafkaBroker(settings.kafka_bootstrap)
    producer = broker.producer()
    await producer.start()
    means = (
        Means(key.encode(), Reachable(networks(settings.networks))) if (key := settings.vetstream_webhook_key) else None
    )
    blobs = Directory(Path(settings.blobs_directory)) if settings.blobs_directory else None
    app = create_app(
        engine,
        ProducerPublisher(producer),
        broker,
        wait_seconds=settings.api_wait_seconds,
        blobs=blobs,
        policy=PolicySettings().policy(),
        webhook_means=means,
        tracing=tracing_of("api", settings),
    )
    config = uvicorn.Config(app, settings.api_host, settings.api_port, log_config=None, access_log=False)
    if settings.vetstream_metrics_port:
        metrics.serve(settings.vetstream_metrics_host, settings.vetstream_metrics_port)
    try:
        await uvicorn.Server(config).serve()
    finally:
        await producer.stop()
        await engine.dispose()


def main() -> int:
    """Run the API; told to stop, it finishes what it is answering and ends with 0."""
    settings = ApiSettings()
    for number in (signal.SIGTERM, signal.SIGINT):
        # uvicorn raises the signal once more when it has stopped, for whoever handled it before: that is nobody.
        signal.signal(number, lambda *_: None)
    log_to_stderr(settings.log_level)
    asyncio.run(serve(settings))
    return 0


if __name__ == "__main__":
    sys.exit(main())
