"""What the deliveries count of themselves."""

import asyncio

import structlog
from prometheus_client import Counter, Gauge, Histogram
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.streaming.metrics import SECONDS
from libs.streaming.sampling import EVERY_SECONDS
from services.results.webhooks import store

ATTEMPTS = Counter("vetstream_webhook_attempts", "Attempts to deliver, by the state that they led to.", ["state"])
ATTEMPT_SECONDS = Histogram("vetstream_webhook_attempt_seconds", "How long receivers took to answer.", buckets=SECONDS)
DEPTH = Gauge("vetstream_webhook_deliveries", "Deliveries by state; ended ones are kept for 30 days.", ["state"])

log = structlog.get_logger()


async def sample(engine: AsyncEngine) -> None:
    """Keep the depth current until cancelled."""
    while True:
        try:
            async with engine.connect() as connection:
                found = await store.depth(connection)
            for state in store.STATES:
                DEPTH.labels(state).set(found.get(state, 0))
        except (SQLAlchemyError, OSError) as error:
            log.warning("sample.failed", group="webhooks", error=type(error).__name__)
        await asyncio.sleep(EVERY_SECONDS)
