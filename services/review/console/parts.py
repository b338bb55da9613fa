"""What the console's pages need, and whom they let in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.events.catalogue import topics
from libs.staff import trail
from libs.staff.access import Staff, allowed
from libs.staff.roles import ADMIN, OPERATOR, REVIEWER, SUPERVISOR
from libs.staff.sessions import Who
from libs.streaming.lagging import groups
from libs.streaming.ports import Broker
from libs.web.pages import page
from services.review.console.results_api import ResultsApi

HOME = "/console"
MENU = (
    (HOME, "Overview"),
    (f"{HOME}/executions", "Executions"),
    (f"{HOME}/letters", "Dead letters"),
    (f"{HOME}/held", "Quarantine"),
    (f"{HOME}/lag", "Consumers"),
    (f"{HOME}/lists", "Watchlists"),
)
CASES = ("/queue/new", "Cases")
TRAIL = (f"{HOME}/trail", "Trail")
DLQ_SHOWN, DLQ_REPLAYED, RELEASED = "DEAD_LETTER_SHOWN", "DEAD_LETTERS_REPLAYED", "QUARANTINE_RELEASED"

Operator = Annotated[Who, Depends(allowed(OPERATOR))]
Anybody = Annotated[Who, Depends(allowed(OPERATOR, ADMIN))]
Admin = Annotated[Who, Depends(allowed(ADMIN))]


@dataclass(frozen=True, slots=True)
class Console:
    """The API, the broker, and the databases of groups that keep a state, by group."""

    api: ResultsApi
    broker: Broker
    databases: Mapping[str, AsyncEngine]

    @property
    def groups(self) -> list[str]:
        """Every consumer group that has dead letters."""
        return [group for group in groups() if f"dlq.{group}" in topics()]

    async def close(self) -> None:
        """Let go of what it is connected to."""
        await self.api.close()
        for engine in self.databases.values():
            await engine.dispose()


def _console(request: Request) -> Console:
    found: Console = request.app.state.console
    return found


ConsoleOf = Annotated[Console, Depends(_console)]


def shown(request: Request, who: Who, template: str, **values: Any) -> Response:
    """A page of the console."""
    staff: Staff = request.app.state.staff
    cases = [CASES] if who.may(REVIEWER, SUPERVISOR) else []
    menu = [*cases, *(MENU if who.may(OPERATOR) else []), *([TRAIL] if who.may(ADMIN) else [])]
    known = {"who": who, "menu": menu, "now": staff.clock(), **values}
    return page(request, f"console/{template}.html.jinja", **known)


async def noted(request: Request, who: Who, action: str, about: str, **details: Any) -> None:
    """Put on record what somebody is about to do, or has looked at."""
    staff: Staff = request.app.state.staff
    async with staff.engine.begin() as connection:
        at = staff.clock(), who.username, action
        await trail.note(connection, *at, about=about, details=details, origin=trail.origin(request))


async def told_of(request: Request, actions: Sequence[str], about: str) -> list[Mapping[str, Any]]:
    """What the trail says of one thing, the newest first."""
    staff: Staff = request.app.state.staff
    async with staff.engine.connect() as connection:
        rows = await trail.read(connection, about=about)
    return [dict(row) for row in rows if row["action"] in actions]
