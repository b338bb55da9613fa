"""An applicant's browser: Chromium as this machine has it."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, Page, async_playwright

QUIET = ("--disable-background-networking", "--disable-component-update", "--disable-sync")
FAKE_CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 2, "has_touch": True}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Chromium without a window, with a camera that shows a pattern."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu", *QUIET, *FAKE_CAMERA]
        )
        yield browser
        await browser.close()


@asynccontextmanager
async def opened(browser: Browser, **how: Any) -> AsyncIterator[Page]:
    """A browser of its own, with its own cookies."""
    context = await browser.new_context(**how)
    yield await context.new_page()
    await context.close()
