"""`python -m services.review.web` serves the backoffice; with the command `staff`, sees to who may log in."""

import argparse
import asyncio
import signal
import sys
from pathlib import Path

import httpx
import uvicorn

from libs.blobs.directory import Directory
from libs.staff import command_line
from libs.store.engine import connect
from libs.streaming import metrics
from libs.streaming.kafka import KafkaBroker
from libs.streaming.logs import log_to_stderr
from services.review.calling import Calling
from services.review.console.app import console_of
from services.review.desk import Desk
from services.review.policies import read_policies
from services.review.web.app import backoffice
from services.review.web.settings import BackofficeSettings

CALL_TIMEOUT = 10.0  # seconds


async def serve(settings: BackofficeSettings) -> None:
    """Serve until told to stop."""
    engine = connect(settings.database_url, pool=settings.web_connections)
    broker = KafkaBroker(settings.kafka_bootstrap)
    producer, console = broker.producer(), console_of(settings, broker)
    await producer.start()
    desk = Desk(engine, producer, read_policies())
    blobs = Directory(Path(settings.blobs_directory)) if settings.blobs_directory else None
    app = backoffice(desk, blobs, settings, console)
    config = uvicorn.Config(app, settings.web_host, settings.web_port, log_config=None, access_log=False)
    if settings.vetstream_metrics_port:
        metrics.serve(settings.vetstream_metrics_host, settings.vetstream_metrics_port)
    async with httpx.AsyncClient(base_url=settings.review_api_url, timeout=CALL_TIMEOUT) as client:
        server, stopping = uvicorn.Server(config), asyncio.Event()
        calling = asyncio.create_task(Calling(engine, client, settings.review_api_keys).run(stopping))
        calling.add_done_callback(lambda task: setattr(server, "should_exit", True))
        try:
            await server.serve()
            stopping.set()
            await calling
        finally:
            app.state.parts.readings.close()
            await producer.stop()
            await console.close()
            await engine.dispose()


def arguments() -> argparse.ArgumentParser:
    """The commands and their options; without one the pages are served."""
    parser = argparse.ArgumentParser(prog="python -m services.review.web", description=__doc__)
    command_line.add(parser.add_subparsers(dest="command"))
    return parser


def main() -> int:
    """Serve, and end with 0 when told to stop; or see to staff."""
    given = arguments().parse_args()
    settings = BackofficeSettings()
    if given.command == "staff":
        return command_line.main(given, settings.database_url)
    for number in (signal.SIGTERM, signal.SIGINT):
        # uvicorn raises the signal once more when it has stopped, for whoever handled it before: that is nobody.
        signal.signal(number, lambda *_: None)
    log_to_stderr(settings.log_level)
    asyncio.run(serve(settings))
    return 0


if __name__ == "__main__":
    sys.exit(main())
