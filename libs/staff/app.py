"""Staff let into a web face."""

from pathlib import Path

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.staff import login, password
from libs.staff.access import Staff
from libs.staff.oidc import Provider
from libs.staff.passwords import Passwords
from libs.staff.settings import StaffSettings
from libs.streaming.ports import Clock, system_clock

TEMPLATES = Path(__file__).with_name("templates")


def add_staff(app: FastAPI, engine: AsyncEngine, settings: StaffSettings, clock: Clock = system_clock) -> None:
    """Let staff in whose tables are in this database, and add the pages that they log in by.

    The face is made with `templates=[…, TEMPLATES]` and `dependencies=[Depends(identified)]`, and with its `address`: a
    provider sends browsers back there.
    """
    provider = Provider.of(settings) if settings.staff_oidc_issuer else None
    app.state.staff = Staff(engine, settings, app.state.web_address, Passwords(), provider, clock)
    for part in (login, password):
        app.include_router(part.router)
