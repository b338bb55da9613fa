"""Monitoring as a stateful service: subscriptions are begun and ended, and changes of watchlists told to whom they
are about."""

from collections.abc import Sequence

from libs.events.message import Event
from libs.events.models import CheckRequested, EntityChanged, SubscriptionRequested, WatchlistPublished
from libs.streaming.consumer import Handler
from libs.streaming.transaction import Transaction
from services.monitoring import lists, rules, store
from services.monitoring.delta import loaded
from services.monitoring.reacting import Reacting
from services.monitoring.rules import Asked, Refused
from services.monitoring.watched import Person, Watched

REQUESTED, COMPLETED = "monitoring.requested", "monitoring.completed"


class Monitoring(Handler):
    """Tells each change of a subscription, whoever asked for it, and raises an alert where a list changes."""

    group = "monitoring"
    topics = (REQUESTED, "subscription.requested", "entity.changed", "watchlist.published")

    def __init__(self) -> None:
        self._reacting = Reacting(loaded())

    async def tick(self, tx: Transaction) -> bool:
        """React to what was told of the watchlists."""
        return await self._reacting.go_on(tx)

    async def apply(self, tx: Transaction, events: Sequence[Event]) -> None:
        """Obey a batch of requests in its order."""
        for event in events:
            if isinstance(event.data, WatchlistPublished):
                await lists.tell(tx.connection, event.data, tx.now)
        asked = [(event, one) for event in events if (one := _asked(tx, event)) is not None]
        persons = {_person(one) for _, one in asked}
        if not persons:
            return
        await store.lock(tx.connection, persons)
        known = await store.load(tx.connection, persons)
        for event, one in asked:
            if isinstance(one, EntityChanged):
                _learn(tx, event, one, known[_person(one)])
            else:
                _obey(tx, event, one, known[one.person])
        await store.save(tx.connection, known.values())


def _person(one: Asked | EntityChanged) -> Person:
    return (one.customerId, one.entityId) if isinstance(one, EntityChanged) else one.person


def _asked(tx: Transaction, event: Event) -> Asked | EntityChanged | None:
    """What is asked for, or told of a person; a request that cannot be meant is answered or refused."""
    data = event.data
    if isinstance(data, EntityChanged):
        return data
    if not isinstance(data, CheckRequested | SubscriptionRequested):
        return None
    try:
        if isinstance(data, CheckRequested):
            return rules.asked_by_step(data)
        return rules.asked_by_command(data, event.id)
    except Refused as refused:
        if isinstance(data, CheckRequested):
            tx.emit(event, COMPLETED, "answer", rules.failure(data, refused, tx.now))
        else:
            tx.refuse(event, refused.reason, str(refused))
        return None


def _learn(tx: Transaction, event: Event, data: EntityChanged, watched: Watched) -> None:
    for change in rules.learn(watched, data, tx.now):
        tx.emit(event, "subscription.changed", change.monitoringType, change)


def _obey(tx: Transaction, event: Event, asked: Asked, watched: Watched) -> None:
    try:
        changes = rules.obey(watched, asked, tx.now)
    except Refused as refused:  # by the topic only: a step brings its person
        tx.refuse(event, refused.reason, str(refused))
        return
    for change in changes:
        tx.emit(event, "subscription.changed", change.monitoringType, change)
    if isinstance(event.data, CheckRequested):
        tx.emit(event, COMPLETED, "answer", rules.answer(event.data, asked, tx.now))
