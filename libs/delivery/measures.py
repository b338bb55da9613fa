"""What deliveries count of themselves."""

import asyncio

import structlog
from prometheus_client import Counter, Gauge, Histogram
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.delivery.attempts import STATES, Log
from libs.streaming.metrics import SECONDS
from libs.streaming.sampling import EVERY_SECONDS

log = structlog.get_logger()


class Measures:
    """Of one kind of deliveries, by the word that their metrics begin with."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._attempts = Counter(
            f"vetstream_{kind}_attempts", "Attempts to deliver, by the state that they led to.", ["state"]
        )
        self._seconds = Histogram(
            f"vetstream_{kind}_attempt_seconds", "How long receivers took to answer.", buckets=SECONDS
        )
        self._depth = Gauge(
            f"vetstream_{kind}_deliveries", "Deliveries by state; ended ones are kept for 30 days.", ["state"]
        )

    def attempted(self, state: str, seconds: float) -> None:
        """Count an attempt."""
        self._attempts.labels(state).inc()
        self._seconds.observe(seconds)

    async def sample(self, engine: AsyncEngine, deliveries: Log) -> None:
        """Keep the depth current until cancelled."""
        while True:
            try:
                async with engine.connect() as connection:
                    found = await deliveries.depth(connection)
                for state in STATES:
                    self._depth.labels(state).set(found.get(state, 0))
            except (SQLAlchemyError, OSError) as error:
                log.warning("sample.failed", group=self.kind, error=type(error).__name__)
            await asyncio.sleep(EVERY_SECONDS)
