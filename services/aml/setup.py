"""`aml` is set up by announcing the list that ships with it."""

from libs.events.codec import encode
from libs.events.message import Event, derived_id
from libs.streaming.ports import Broker, Clock, system_clock
from services.aml.publish import published


async def set_up(database_url: str, broker: Broker, clock: Clock = system_clock) -> None:
    """Publish the shipped watchlist; its processes read it from there."""
    watchlist = published()
    event = Event(
        id=derived_id(watchlist.sha256, "aml", watchlist.id),
        topic="watchlist.published",
        source="aml",
        time=clock(),
        key=watchlist.id,
        data=watchlist,
    )
    producer = broker.producer()
    await producer.start()
    await producer.send([encode(event)])
    await producer.stop()
