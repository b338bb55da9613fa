"""The tables of the projection, and those of its API. The former can be rebuilt from the topics, so a new layout needs
no migration of rows."""

from libs.store import roles
from libs.store.engine import connect
from libs.store.migrate import migrate
from libs.streaming.ports import Broker, Clock, system_clock
from services.results import tables
from services.results.api.tables import GRANTS


async def set_up(database_url: str, broker: Broker, clock: Clock = system_clock) -> None:
    """Migrate the shared tables, the API's, those of deliveries and of who was purged, make those of the projection
    where they are missing, and give the API's role its rights."""
    await migrate(database_url, "services.results.api")
    await migrate(database_url, "services.results.webhooks")
    await migrate(database_url, "services.results.purging")
    engine = connect(database_url)
    async with engine.begin() as connection:
        await roles.ensure(connection, roles.API)
        await roles.grant(connection, roles.API, GRANTS)
        await tables.create(connection)
    await engine.dispose()
