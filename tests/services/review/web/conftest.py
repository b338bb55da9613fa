"""The backoffice on the whole system, and browsers that look at it."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright

from libs.blobs.directory import Directory
from libs.embedded.database import RunningDatabase
from libs.staff.setup import ensure_user
from services.review.web.app import backoffice
from services.review.web.settings import BackofficeSettings
from tests.flows.system import System
from tests.flows.test_review import desk
from tests.serving import serving

PASSWORD = "a-long-password-of-tests"
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
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


@pytest.fixture
async def office(embedded_database: RunningDatabase, tmp_path: Path) -> AsyncIterator[Office]:
    """Everything, fresh."""
    async with System(embedded_database, blobs_directory=str(tmp_path)) as system, async_playwright() as playwright:
        url = system.engines["review"].url.render_as_string(hide_password=False)
        for name, roles in STAFF.items():
            await ensure_user(url, name, roles, PASSWORD, clock=system.clock)
        blobs = Directory(tmp_path)
        settings = BackofficeSettings(vetstream_web_key="k" * 32)
        async with serving(backoffice(desk(system), blobs, settings)) as address:
            browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
            yield Office(system, address, blobs, browser)
            await browser.close()
