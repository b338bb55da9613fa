"""Onboarding the sample on a running system, and comparing what comes of it with what is expected."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console

from libs.embedded import display
from libs.embedded.errors import EmbeddedError
from libs.embedded.sample import answers
from libs.embedded.sample.answers import Answer
from libs.embedded.sample.people import SamplePerson, read_matchlists
from libs.embedded.sample.publishing import listed, onboarded, publish
from libs.events.message import Event

# Nobody is waited for longer than this after the last answer came; a check that is down is retried for some time.
PATIENCE = 120.0
EVERY = 0.2
HEADINGS = ("name", "status", "decided by", "ms", "why")

Pause = Callable[[float], None]


@dataclass(frozen=True)
class Onboarded:
    """A person with the event that took them on, and the answer if there was one in time."""

    person: SamplePerson
    event: Event
    answer: Answer | None

    @property
    def differences(self) -> list[str]:
        """What came out otherwise than expected."""
        if self.answer is None:
            return [f"no answer within {PATIENCE:.0f} s"]
        expected = {"status": self.person.expected.status.value}
        expected |= {step: code.value for step, code in self.person.expected.steps.items()}
        found = {"status": self.answer.status, **self.answer.steps}
        return [
            f"{what} is {found.get(what, 'absent')}, expected {value}"
            for what, value in expected.items()
            if found.get(what) != value
        ]


def publish_lists(bootstrap: str) -> None:
    """Announce the customer's lists."""
    publish(bootstrap, [listed(entry) for entry in read_matchlists()])


def onboard(
    people: Sequence[SamplePerson], bootstrap: str, api: str, key: str, out: Console, pause: Pause = time.sleep
) -> list[Onboarded]:
    """Take everybody on and wait for the answers; `pause` is called between two looks."""
    events: dict[str, Event] = {}
    found: dict[str, Answer] = {}
    last = time.monotonic()
    with display.waiting(out, f"onboarding {len(people)} people") as tell:
        while len(found) < len(people) and time.monotonic() - last < PATIENCE:
            _take_on(people, bootstrap, events, found)
            for entity_id, event in events.items():
                if entity_id not in found and (answer := answers.ask(api, key, entity_id, event.id)) is not None:
                    found[entity_id] = answer
                    last = time.monotonic()
                    tell(f"{len(found)} answered")
            pause(EVERY)
    # Who came after somebody without an answer was never taken on.
    return [Onboarded(one, events[one.entityId], found.get(one.entityId)) for one in people if one.entityId in events]


def _take_on(
    people: Sequence[SamplePerson], bootstrap: str, events: dict[str, Event], found: Mapping[str, Answer]
) -> None:
    """Publish whoever is not yet taken on and has nobody to wait for."""
    due = [one for one in people if one.entityId not in events and (one.after is None or one.after in found)]
    if due:
        new = {one.entityId: onboarded(one) for one in due}
        publish(bootstrap, new.values())
        events.update(new)


def report(everybody: Sequence[Onboarded], of: int, out: Console) -> int:
    """Print the table and the differences; returns the exit code: 1 where something is not as expected."""
    if not everybody:
        raise EmbeddedError("the sample has nobody in it")
    out.print(display.table(HEADINGS, [_row(one) for one in everybody]))
    different = [one for one in everybody if one.differences]
    misses = sum(one.person.knownMiss for one in everybody)
    known = f", {misses} of them known misses" if misses else ""
    out.print(f"\nonboarded {of} people: {len(everybody) - len(different)} as expected{known}")
    for one in different:
        out.print(f"{one.person.entityId} ({one.person.note}): {'; '.join(one.differences)}", markup=False)
    return 1 if different or len(everybody) < of else 0


def _row(one: Onboarded) -> tuple[str, ...]:
    answer = one.answer or Answer("", {}, "", "no answer", 0)
    miss = "known miss: " if one.person.knownMiss else ""
    return one.person.name, answer.status, answer.step, str(answer.milliseconds), miss + answer.why
