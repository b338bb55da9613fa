"""Liveness and readiness over HTTP."""

import asyncio

from libs.embedded.resources import free_port
from libs.streaming.health import Health, probe


async def test_it_answers_what_the_service_says_of_itself() -> None:
    state = {"ready": False}
    port = free_port()
    server = await Health(ready=lambda: state["ready"], live=lambda: True).serve("127.0.0.1", port)
    async with server:
        url = f"http://127.0.0.1:{port}/health"
        assert not await asyncio.to_thread(probe, f"{url}/ready")
        assert await asyncio.to_thread(probe, f"{url}/live")
        state["ready"] = True
        assert await asyncio.to_thread(probe, f"{url}/ready")
        assert not await asyncio.to_thread(probe, f"{url}/other")
    assert not await asyncio.to_thread(probe, f"{url}/ready")
