"""The customers' lists as their topic has them now, in memory: read on when somebody asks."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Annotated, cast

from fastapi import Depends, Request

from libs.events.matchlists import TOPIC
from libs.events.message import Event
from libs.events.models import MatchlistAction, MatchlistEntryPublished
from libs.streaming.ports import Broker
from libs.streaming.references import ReferenceReader


@dataclass(slots=True)
class Matchlist:
    """A list and its entries by id, those that were removed among them."""

    id: str
    name: str
    action: MatchlistAction
    entries: dict[str, MatchlistEntryPublished] = field(default_factory=dict)


class Lists:
    """Every customer's lists; a list is there once it has had an entry."""

    topic = TOPIC

    def __init__(self, broker: Broker) -> None:
        self._reader = ReferenceReader(broker, [self])
        self._reading = asyncio.Lock()
        self._lists: dict[str, dict[str, Matchlist]] = {}

    def apply(self, event: Event) -> None:
        """Take in an entry as it is now."""
        entry = event.data
        if isinstance(entry, MatchlistEntryPublished):
            of_customer = self._lists.setdefault(entry.customerId, {})
            found = of_customer.setdefault(entry.matchlistId, Matchlist(entry.matchlistId, entry.name, entry.action))
            found.entries[entry.entryId] = entry
            if entry.isActive:
                found.name, found.action = entry.name, entry.action

    async def read_on(self) -> None:
        """Take in what was published until now."""
        async with self._reading:
            await self._reader.catch_up()

    def of(self, customer: str) -> Iterable[Matchlist]:
        """The lists of a customer, by name."""
        return sorted(self._lists.get(customer, {}).values(), key=lambda one: (one.name, one.id))

    def named(self, customer: str, name: str) -> Matchlist | None:
        """The customer's list of that name."""
        return next((one for one in self.of(customer) if one.name == name), None)


async def lists(request: Request) -> Lists:
    """The lists of this application, as of now."""
    found = cast(Lists, request.app.state.lists)
    await found.read_on()
    return found


ListsOf = Annotated[Lists, Depends(lists)]
