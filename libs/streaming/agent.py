"""A check's faust agent: raw bytes in, every answer safely out before the request is acknowledged."""

import asyncio
import os
import sys
from typing import Any, NoReturn, cast

import faust
import structlog
from faust.types import EventT, StreamT

from libs.events.message import Message
from libs.store.positions import after
from libs.streaming.answering import Answering
from libs.streaming.consumer import told
from libs.streaming.ports import Producer
from libs.streaming.progress import Progress

BATCH = 100
# While there is load a batch is given a little time to gather; at rest nothing waits.
BUSY = 4
LINGER_SECONDS = 0.04

log = structlog.get_logger()


def faust_app(answering: Answering, bootstrap: str, producer: Producer, progress: Progress | None = None) -> faust.App:
    """An app of one agent, which tells `progress` of its batches. Sessions are short, nothing is kept in tables, and
    faust's own producer is not used."""
    name = answering.check.name
    app = faust.App(
        name,
        broker=[f"kafka://{address}" for address in bootstrap.split(",")],
        store="memory://",
        key_serializer="raw",
        value_serializer="raw",
        topic_disable_leader=True,
        broker_session_timeout=8.0,
        broker_heartbeat_interval=2.0,
        broker_max_poll_interval=60.0,
        broker_commit_interval=1.0,
        consumer_auto_offset_reset="earliest",
        web_enabled=False,
    )
    requests = app.topic(answering.topic, key_type=bytes, value_type=bytes)

    @app.agent(requests, concurrency=1, name=f"{name}.agent")
    async def answer(stream: StreamT[bytes]) -> None:
        """Takes what is there as one batch: alone at rest, together under load, and no polling for either."""
        waiting: asyncio.Queue[EventT[bytes]] = asyncio.Queue(2 * BATCH)
        working = asyncio.create_task(work(waiting))
        try:
            async for event in cast(faust.Stream[bytes], stream).noack().events():
                await waiting.put(event)
        finally:
            working.cancel()  # what it has not answered was not acknowledged, and comes again

    async def work(waiting: asyncio.Queue[EventT[bytes]]) -> None:
        events: list[EventT[bytes]] = []
        while True:
            if len(events) >= BUSY:
                await asyncio.sleep(LINGER_SECONDS)
            events = [await waiting.get()]
            while len(events) < BATCH and not waiting.empty():
                events.append(waiting.get_nowait())
            try:
                if progress is not None:
                    progress.begin()
                messages = [message_of(event) for event in events]
                await producer.send(await answering.answer(messages))
                for event in events:
                    event.ack()
                if progress is not None:
                    progress.moved(after(messages))
                    progress.rest()
            except Exception as error:
                end(name, error)

    return app


def end(name: str, error: Exception) -> NoReturn:
    """End the process at once: faust would log the error, acknowledge the batch and go on."""
    log.error("stopped", group=name, reason=told(error))
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(1)


def message_of(event: EventT[bytes]) -> Message:
    """The record as it lay on the topic."""
    raw = event.message
    headers: Any = raw.headers or ()
    pairs = headers.items() if isinstance(headers, dict) else headers
    return Message(
        topic=raw.topic,
        key=raw.key,
        value=raw.value,
        headers=tuple(pairs),
        partition=raw.partition,
        offset=raw.offset,
        timestamp=int((raw.timestamp or 0) * 1000),
    )
