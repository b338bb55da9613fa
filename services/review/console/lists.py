"""Watchlists: the version of each that is in force, and what came of every version for those who are watched."""

from collections.abc import Sequence
from typing import TypeVar

from fastapi import APIRouter, Request, Response

from libs.events.codec import Undecodable, decode
from libs.events.message import Partition
from libs.events.models import WatchlistCompared, WatchlistPublished
from libs.streaming.ports import Broker
from services.review.console.parts import HOME, ConsoleOf, Operator, shown

PUBLISHED, COMPARED = "watchlist.published", "watchlist.compared"
NEWEST = 500  # records that are read

Told = TypeVar("Told", WatchlistPublished, WatchlistCompared)

router = APIRouter()


@router.get(f"{HOME}/lists")
async def lists(request: Request, who: Operator, console: ConsoleOf) -> Response:
    """Both, the newest first."""
    versions = await newest(console.broker, PUBLISHED, WatchlistPublished)
    receipts = await newest(console.broker, COMPARED, WatchlistCompared)
    in_force = {one.id: one for one in reversed(versions)}
    return shown(request, who, "lists", in_force=sorted(in_force.values(), key=lambda one: one.id), receipts=receipts)


async def newest(broker: Broker, topic: str, kind: type[Told]) -> Sequence[Told]:
    """The records at the end of a topic that has one partition, the newest first."""
    place = Partition(topic, 0)
    start, end = (await broker.ends([topic]))[place]
    start = max(start, end - NEWEST)
    found = []
    for message in await broker.read(place, start, end) if start < end else []:
        try:
            data = decode(message).data
        except Undecodable:
            continue
        if isinstance(data, kind):
            found.append(data)
    return found[::-1]
