"""What deliveries count of themselves, by their kind."""

import asyncio
from dataclasses import dataclass

import structlog
from prometheus_client import Counter, Gauge, Histogram
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.delivery.attempts import STATES, Log
from libs.streaming.metrics import SECONDS
from libs.streaming.sampling import EVERY_SECONDS

ATTEMPTS = Counter(
    "vetstream_delivery_attempts", "Attempts to deliver, by the state that they led to.", ["kind", "state"]
)
ATTEMPT_SECONDS = Histogram(
    "vetstream_delivery_attempt_seconds", "How long receivers took to answer.", ["kind"], buckets=SECONDS
)
DEPTH = Gauge("vetstream_deliveries", "Deliveries by state; delivered ones are kept for 30 days.", ["kind", "state"])

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Measures:
    """Of one kind of deliveries."""

    kind: str

    def attempted(self, state: str, seconds: float) -> None:
        """Count an attempt."""
        ATTEMPTS.labels(self.kind, state).inc()
        ATTEMPT_SECONDS.labels(self.kind).observe(seconds)

    async def sample(self, engine: AsyncEngine, deliveries: Log) -> None:
        """Keep the depth current until cancelled."""
        while True:
            try:
                async with engine.connect() as connection:
                    found = await deliveries.depth(connection)
                for state in STATES:
                    DEPTH.labels(self.kind, state).set(found.get(state, 0))
            except (SQLAlchemyError, OSError) as error:
                log.warning("sample.failed", group=self.kind, error=type(error).__name__)
            await asyncio.sleep(EVERY_SECONDS)
