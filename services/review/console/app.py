"""The console as a part of the back office."""

from collections.abc import Mapping
from pathlib import Path

from aiokafka.errors import KafkaError
from fastapi import FastAPI, Request, Response
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.store.engine import connect
from libs.streaming.ports import Broker
from libs.web.failures import failure
from services.review.console import execution, executions, lag, letters, lists, overview, quarantine, trail
from services.review.console.parts import Console
from services.review.console.results_api import ResultsApi, Unanswered
from services.review.console.settings import ConsoleSettings

TEMPLATES = Path(__file__).with_name("templates")


def console_of(settings: ConsoleSettings, broker: Broker) -> Console:
    """What the configuration names; connects when first used."""
    engines: Mapping[str, AsyncEngine] = {group: connect(url, pool=1) for group, url in settings.databases.items()}
    return Console(ResultsApi(settings), broker, engines)


def add_console(app: FastAPI, console: Console) -> None:
    """Add the operators' pages to a face that staff log into, made with `templates=[…, TEMPLATES]`."""
    app.state.console = console
    for part in (overview, executions, execution, letters, quarantine, lag, lists, trail):
        app.include_router(part.router)
    app.add_exception_handler(Unanswered, _unanswered)
    app.add_exception_handler(KafkaError, _no_broker)


async def _unanswered(request: Request, error: Exception) -> Response:
    return failure(request, 503, f"{str(error)[:1].upper()}{str(error)[1:]}.")


async def _no_broker(request: Request, error: Exception) -> Response:
    return failure(request, 503, f"The broker cannot be asked ({type(error).__name__}).")
