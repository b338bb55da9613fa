"""The newest table layout of manual review, and of the staff who use its pages."""

from libs.staff import setup as staff
from libs.store.migrate import migrate
from libs.streaming.ports import Broker, Clock, system_clock


async def set_up(database_url: str, broker: Broker, clock: Clock = system_clock) -> None:
    """Migrate."""
    await migrate(database_url, "services.review")
    await staff.set_up(database_url)
