"""Chromium without a window: the machine's own, or the one that Playwright has installed."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, async_playwright

from tests.not_run import not_run

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)
WHERE = "no Chromium: install it (Debian: apt-get install chromium), or run `.venv/bin/playwright install chromium`"


@asynccontextmanager
async def chromium(*flags: str) -> AsyncIterator[Browser]:
    """A browser that talks to nobody else."""
    async with async_playwright() as playwright:
        path = _there(playwright.chromium.executable_path)
        browser = await playwright.chromium.launch(executable_path=path, args=[*QUIET, *flags])
        yield browser
        await browser.close()


def _there(playwrights: str) -> str:
    path = next(filter(None, map(shutil.which, NAMES)), playwrights)
    if not Path(path).exists():
        not_run(WHERE)
    return path
