"""The backoffice on the whole system, and browsers that look at it."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import pytest
from playwright.async_api import Browser, Page
from sqlalchemy import text

from libs.blobs.directory import Directory
from libs.embedded.database import RunningDatabase
from libs.staff.setup import ensure_user
from services.review.case import Case
from services.review.web.app import backoffice
from services.review.web.settings import BackofficeSettings
from tests.browser import chromium
from tests.flows.system import System
from tests.flows.test_review import desk
from tests.serving import serving

PASSWORD = "a-long-password-of-tests"
STAFF = {"ana": ["reviewer"], "ben": ["reviewer"], "sue": ["supervisor"]}


@dataclass
class Office:
    """The system, the address of the backoffice, and a browser."""

    system: System
    address: str
    blobs: Directory
    browser: Browser

    async def login(self, username: str, width: int = 1280, *, script: bool = True) -> Page:
        """A browser's own window in which somebody is logged in."""
        context = await self.browser.new_context(
            viewport={"width": width, "height": 900}, base_url=self.address, java_script_enabled=script
        )
        page = await context.new_page()
        await page.goto("/")
        await page.get_by_label("User").fill(username)
        await page.get_by_label("Password").fill(PASSWORD)
        await page.get_by_role("button", name="Log in").click()
        return page

    async def set_risk(self, case: Case, risk: str) -> None:
        """As if the assessment had come to another level."""
        document = case.model_copy(update={"risk": risk}).model_dump_json()
        statement = "UPDATE cases SET document = CAST(:document AS json) WHERE case_id = :id"
        async with self.system.engines["review"].begin() as connection:
            await connection.execute(text(statement), {"document": document, "id": case.case_id})


Shots: TypeAlias = Callable[[Page, str], Awaitable[None]]


@pytest.fixture
def shots() -> Shots:
    """Keeps a page as a picture in the folder SCREENSHOTS names, as docs/images, where it names one."""
    folder = os.environ.get("SCREENSHOTS")

    async def keep(page: Page, name: str) -> None:
        if folder:
            await page.evaluate("scrollTo(0, 0)")
            await page.screenshot(path=Path(folder) / f"{name}.png")

    return keep


@pytest.fixture
async def office(embedded_database: RunningDatabase, tmp_path: Path) -> AsyncIterator[Office]:
    """Everything, fresh."""
    async with System(embedded_database, blobs_directory=str(tmp_path)) as system, chromium() as browser:
        url = system.engines["review"].url.render_as_string(hide_password=False)
        for name, roles in STAFF.items():
            await ensure_user(url, name, roles, PASSWORD, clock=system.clock)
        blobs = Directory(tmp_path)
        settings = BackofficeSettings(vetstream_web_key="k" * 32)
        app = backoffice(desk(system), blobs, settings)
        async with serving(app) as address:
            yield Office(system, address, blobs, browser)
        app.state.parts.readings.close()
