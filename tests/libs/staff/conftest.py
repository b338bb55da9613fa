"""A face that staff log into, in a database of its own, at a time that tests set."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import httpx
import pytest_asyncio
from fastapi import Depends, FastAPI, Request
from fastapi.responses import PlainTextResponse
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.embedded.database import RunningDatabase
from libs.embedded.testing import fresh_database
from libs.staff import trail, users
from libs.staff.access import allowed, current, identified
from libs.staff.app import TEMPLATES, add_staff
from libs.staff.passwords import Passwords
from libs.staff.sessions import Who
from libs.staff.settings import StaffSettings
from libs.staff.setup import set_up
from libs.store.engine import connect
from libs.web.app import web_app
from libs.web.pages import page
from tests.libs.web.test_app import token_of

ADDRESS = "http://127.0.0.1:8082"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
PASSWORD = "correct horse battery"
HOME = '{% extends "base.html.jinja" %}{% block main %}<form>{{ csrf_field }}</form>{{ who }}{% endblock %}'


@dataclass
class Face:
    """The application, its database, and the time there."""

    app: FastAPI
    engine: AsyncEngine
    url: str
    now: datetime = NOON

    def later(self, **delta: float) -> None:
        self.now += timedelta(**delta)

    def browser(self) -> httpx.AsyncClient:
        """Keeps its cookies, follows nothing."""
        return httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url=ADDRESS)

    async def log_in(
        self, browser: httpx.AsyncClient, username: str = "ana", password: str = PASSWORD, next: str = "/"
    ) -> httpx.Response:
        """Fill in the form and send it."""
        token = token_of((await browser.get("/login")).text)
        sent = {"csrf": token, "username": username, "password": password, "next": next}
        return await browser.post("/login", data=sent)

    async def add(self, username: str, roles: Sequence[str], password: str = PASSWORD) -> None:
        async with self.engine.begin() as connection:
            hashed = await Passwords().hash(password)
            await users.add(connection, username, roles, self.now, password_hash=hashed)

    async def trail(self) -> list[tuple[str | None, str]]:
        """Who and what, the oldest first."""
        async with self.engine.connect() as connection:
            return [(row["username"], row["action"]) for row in reversed(await trail.read(connection))]


@pytest_asyncio.fixture(scope="module")
async def staff_database(embedded_database: RunningDatabase) -> str:
    url = fresh_database(embedded_database, "staff")
    await set_up(url)
    return url


@pytest_asyncio.fixture
async def face(staff_database: str, tmp_path: Path) -> AsyncIterator[Face]:
    async for one in face_of(staff_database, tmp_path, StaffSettings()):
        await one.add("ana", ["reviewer"])
        yield one


async def face_of(url: str, folder: Path, settings: StaffSettings) -> AsyncIterator[Face]:
    """A face with a page for anybody and one for operators; its database is empty but for its layout."""
    (folder / "home.html.jinja").write_text(HOME)
    engine = connect(url)
    async with engine.begin() as connection:
        await connection.exec_driver_sql("ALTER TABLE staff_audit DISABLE TRIGGER USER")
        await connection.exec_driver_sql("TRUNCATE staff_users, staff_sessions, staff_tries, staff_audit")
        await connection.exec_driver_sql("ALTER TABLE staff_audit ENABLE TRIGGER USER")
    app = web_app(
        "Back office",
        key="k" * 32,
        face="staff",
        address=ADDRESS,
        templates=[folder, TEMPLATES],
        dependencies=[Depends(identified)],
    )
    one = Face(app, engine, url)
    add_staff(app, engine, settings, lambda: one.now)
    _add_pages(app)
    yield one
    await engine.dispose()


def _add_pages(app: FastAPI) -> None:
    @app.get("/")
    async def home(request: Request) -> Any:
        who = current(request)
        return page(request, "home.html.jinja", who="nobody" if who is None else who.username)

    @app.post("/changed")
    async def changed(who: Annotated[Who, Depends(allowed("reviewer"))]) -> Any:
        return PlainTextResponse(f"changed by {who.username}")

    @app.get("/machines")
    async def machines(who: Annotated[Who, Depends(allowed("operator"))]) -> Mapping[str, str]:
        return {"who": who.username}
