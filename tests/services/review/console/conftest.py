"""The console over real services: all of them in this process, the API and the console on ports, a database each."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.embedded.database import RunningDatabase
from libs.events.message import Event, Message
from libs.staff import trail
from libs.staff.setup import ensure_user
from libs.store import held
from services.results.api.app import create_app
from services.results.api.parts import ProducerPublisher
from services.review.console.parts import Console
from services.review.console.results_api import ResultsApi
from services.review.console.settings import ConsoleSettings
from services.review.web.app import backoffice
from services.review.web.settings import BackofficeSettings
from tests.factory import onboarded, person
from tests.flows.system import API_KEY, System, execution_of
from tests.flows.test_review import desk as review_desk
from tests.serving import serving

OPERATOR, REVIEWER, PASSWORD = "otto", "ruth", "correct horse battery"
GARBAGE = Message("entity.onboarded", b"c1:p9", b"\x00\x00\x00\x00\x07Wanda Secret", (("ce_id", b"bad-1"),))
QUARANTINED = "9d2f0c1e-0000-5000-8000-00000000beef"


@dataclass
class Desk:
    """Where the console is, and what stands behind it."""

    address: str
    system: System
    engine: AsyncEngine
    ended: str
    running: str

    async def trail(self) -> list[tuple[str | None, str, str | None]]:
        """Who did what about what, the oldest first."""
        async with self.engine.connect() as connection:
            rows = await trail.read(connection)
        return [(row["username"], row["action"], row["about"]) for row in reversed(rows)]


@pytest_asyncio.fixture(scope="module")
async def desk(embedded_database: RunningDatabase) -> AsyncIterator[Desk]:
    """Three persons: one taken on, one in a check that stands still, one whose event was refused or is held back."""
    async with System(embedded_database) as system:
        url = system.engines["review"].url.render_as_string(hide_password=False)
        for name, roles in ((OPERATOR, ["operator", "admin"]), (REVIEWER, ["reviewer"])):
            await ensure_user(url, name, roles, PASSWORD, name.capitalize())
        first, second = onboarded("p1"), onboarded("p2", individual=person("Tomas", "Novak"))
        await system.publish(first)
        await system.settle()
        system.now += timedelta(hours=3)
        await system.publish(Event(second.id, second.topic, second.source, system.now, second.key, second.data))
        system.broker.append(GARBAGE)
        await system.settle(without=["kyc"])
        await _hold(system)
        yield_to = create_app(system.engines["results"], ProducerPublisher(system.broker.producer()), system.broker)
        async with yield_to.router.lifespan_context(yield_to), serving(yield_to) as api:
            settings = ConsoleSettings(console_api=api, console_api_key=API_KEY, console_customer="c1")
            databases = {name: system.engines[name] for name in ("orchestration", "results")}
            console = Console(ResultsApi(settings), system.broker, databases)
            office = backoffice(review_desk(system), None, BackofficeSettings(vetstream_web_key="k" * 32), console)
            async with serving(office) as address:
                yield Desk(address, system, system.engines["review"], execution_of(first), execution_of(second))
            await console.api.close()


async def _hold(system: System) -> None:
    """An event that could not be applied, and one that waits behind it."""
    async with system.engines["results"].begin() as connection:
        for number, error in enumerate(("KeyError at services/results/fold.py:120 apply", None)):
            message = Message("workflow.progressed", b"c1:p7", b"\x00", (), 2, 40 + number, 0)
            await held.hold(connection, "results", QUARANTINED, message, system.now, error=error)
