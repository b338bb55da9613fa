"""The tables of the projection. They can be rebuilt from the topics, so a new layout needs no migration of rows."""

from libs.store.engine import connect
from libs.store.migrate import migrate
from libs.streaming.ports import Broker, Clock, system_clock
from services.results import tables


async def set_up(database_url: str, broker: Broker, clock: Clock = system_clock) -> None:
    """Migrate the shared tables, and make those of the projection where they are missing."""
    await migrate(database_url, "services.results")
    await migrate(database_url, "services.results.webhooks")
    engine = connect(database_url)
    async with engine.begin() as connection:
        await tables.create(connection)
    await engine.dispose()
