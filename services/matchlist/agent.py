"""The wiring of the matchlist check: the entries in memory, and the rules."""

from datetime import datetime

from libs.events.models import CheckRequested, StepResult
from libs.matchlists.attributes import Person
from libs.streaming.check import Check
from services.matchlist import rules
from services.matchlist.entries import Entries


def check() -> Check:
    """The check, with its lists still to be read."""
    entries = Entries()

    async def answer(request: CheckRequested, now: datetime) -> StepResult:
        person = Person(request.individual)
        return rules.answer(request, person, entries.candidates(request.task.customerId, person), now)

    return Check(name="matchlist", answer=answer, references=(entries,))
