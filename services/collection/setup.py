"""The newest table layout of collection."""

from libs.store.migrate import migrate
from libs.streaming.ports import Broker, Clock, system_clock


async def set_up(database_url: str, broker: Broker, clock: Clock = system_clock) -> None:
    """Migrate."""
    await migrate(database_url, "services.collection")
