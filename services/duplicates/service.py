"""The duplicates check: it keeps every person it was asked about, to know them again."""

from collections.abc import Sequence

from libs.events.message import Event
from libs.events.models import CheckCompleted, CheckRequested
from libs.streaming.check import with_provider
from libs.streaming.consumer import Handler
from libs.streaming.transaction import Transaction
from services.duplicates import store
from services.duplicates.keys import keys_of
from services.duplicates.policy import policy
from services.duplicates.rules import answer, likely
from services.duplicates.seen import Seen
from services.duplicates.store import Person
from services.duplicates.traits import traits_of

REQUESTED, COMPLETED = "duplicates.requested", "duplicates.completed"


class Duplicates(Handler):
    """Answers each request from the persons of earlier ones, whether of this batch or long ago."""

    group = "duplicates"
    topics = (REQUESTED,)

    def __init__(self) -> None:
        self._weights, self._version = policy()

    async def apply(self, tx: Transaction, events: Sequence[Event]) -> None:
        """Answer a batch in its order, and remember its persons."""
        asked = [(event, event.data) for event in events if isinstance(event.data, CheckRequested)]
        if not asked:
            return
        persons = [_person(request) for _, request in asked]
        await store.lock(tx.connection, (person.customer_id for person in persons))
        keys = ((person.customer_id, key) for person in persons for key in person.keys)
        seen = Seen(await store.candidates(tx.connection, keys))
        for (event, request), person in zip(asked, persons, strict=True):
            found = likely(person.traits, seen.others(person), self._weights)
            result = answer(request, found, tx.now, [self._version])
            completed = CheckCompleted(task=request.task, result=with_provider(self.group, result))
            tx.emit(event, COMPLETED, "answer", completed)
            seen.add(person)
        await store.remember(tx.connection, seen.added)


def _person(request: CheckRequested) -> Person:
    traits = traits_of(request.individual)
    task = request.task
    return Person(task.customerId, task.entityId, task.entityVersion, traits, keys_of(traits))
