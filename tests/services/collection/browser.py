"""An applicant's browser: Chromium as this machine has it."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from playwright.async_api import Browser, Page

from tests import browser

FAKE_CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 2, "has_touch": True}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}


def chromium() -> AbstractAsyncContextManager[Browser]:
    """With a camera that shows a pattern."""
    return browser.chromium(*FAKE_CAMERA)


@asynccontextmanager
async def opened(chromium: Browser, **how: Any) -> AsyncIterator[Page]:
    """A browser of its own, with its own cookies."""
    context = await chromium.new_context(**how)
    yield await context.new_page()
    await context.close()
