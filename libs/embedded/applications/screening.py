"""Sending the sample to a running system, and comparing what comes of it with what its stories come to."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote
from uuid import uuid4

from rich.console import Console

from libs.embedded import display
from libs.embedded.applications.case import Applied
from libs.embedded.errors import EmbeddedError
from libs.embedded.http import Refused, get_json
from libs.embedded.sample.answers import Answer, answer, headers
from libs.embedded.sample.people import CUSTOMER
from libs.embedded.sample.publishing import SOURCE, publish
from libs.events.applications import SERVICE, WORKFLOW, execution_id
from libs.events.message import Event
from libs.events.models import ApplicationSubmitted

PATIENCE = 120.0
EVERY = 0.2
HEADINGS = ("application", "story", "status", "decided by", "ms", "why")

Pause = Callable[[float], None]


@dataclass(frozen=True)
class Screened:
    """An application and the answer, if there was one in time."""

    applied: Applied
    answer: Answer | None

    @property
    def differences(self) -> list[str]:
        """What came out otherwise than its story has it."""
        expected = self.applied.expected
        if self.answer is None:
            return [f"no answer within {PATIENCE:.0f} s"]
        found = (
            [] if self.answer.status == expected.status else [f"{self.answer.status}, expected {expected.status.value}"]
        )
        result = self.answer.steps.get(expected.step or "")
        if expected.step and result != expected.result:
            found.append(
                f"{expected.step} is {result or 'absent'}, expected {expected.result and expected.result.value}"
            )
        return found


def submitted(applied: Applied) -> Event:
    """The application is sent."""
    now = datetime.now(UTC)
    data = ApplicationSubmitted(
        customerId=CUSTOMER,
        entityId=applied.entityId,
        individual=applied.individual,
        application=applied.application,
        requestedBy=SOURCE,
    )
    return Event(str(uuid4()), "application.submitted", SOURCE, now, f"{CUSTOMER}:{applied.entityId}", data)


def screen(
    everybody: Sequence[Applied], bootstrap: str, api: str, key: str, out: Console, pause: Pause = time.sleep
) -> list[Screened]:
    """Send every application and wait for the answers; `pause` is called between two looks."""
    sent: set[str] = set()
    found: dict[str, Answer] = {}
    last = time.monotonic()
    with display.waiting(out, f"screening {len(everybody)} applications") as tell:
        while len(found) < len(everybody) and time.monotonic() - last < PATIENCE:
            due = [one for one in everybody if one.entityId not in sent and (one.after is None or one.after in found)]
            if due:
                publish(bootstrap, [submitted(one) for one in due])
                sent |= {one.entityId for one in due}
            for id in sent - found.keys():
                if (told := ask(api, key, id)) is not None:
                    found[id], last = told, time.monotonic()
                    tell(f"{len(found)} answered")
            pause(EVERY)
    return [Screened(one, found.get(one.entityId)) for one in everybody]


def path(entity_id: str) -> str:
    """Where the API tells of an application's execution; the sample's applications are called as their persons."""
    execution = execution_id(CUSTOMER, entity_id)
    parts = ("v2", "individuals", entity_id, "serviceprofiles", SERVICE, "workflows", WORKFLOW, "executions", execution)
    return "/" + "/".join(quote(part, safe="") for part in parts)


def ask(api: str, key: str, entity_id: str) -> Answer | None:
    """What the API says; None as long as it has no answer."""
    try:
        document = get_json(api + path(entity_id), headers(key))
    except Refused as refusal:
        raise EmbeddedError(str(refusal)) from None
    result = (document or {}).get("workflowResult")
    return answer(result, decided) if result else None


def decided(result: Mapping[str, object], steps: Mapping[str, Mapping[str, object]]) -> tuple[str, str]:
    """The last step that did not simply pass, and its reasons."""
    against = [name for name, step in steps.items() if step["result"] not in ("PASS", "CLEAR", "COMPLETE")]
    step = next((name for name in against if name != "FINAL_DECISION"), "FINAL_DECISION")
    notes = steps.get(step, {}).get("notes") or {}
    assert isinstance(notes, Mapping)
    return step, "; ".join(note["value"] for name, note in notes.items() if name.startswith("reason."))


def report(everybody: Sequence[Screened], out: Console) -> int:
    """Print the table and the differences; returns the exit code: 1 where something is not as expected."""
    out.print(display.table(HEADINGS, [_row(one) for one in everybody]))
    different = [one for one in everybody if one.differences]
    out.print(f"\nscreened {len(everybody)} applications: {len(everybody) - len(different)} as expected")
    for one in different:
        out.print(f"{one.applied.entityId} ({one.applied.note}): {'; '.join(one.differences)}", markup=False)
    return 1 if different else 0


def _row(one: Screened) -> tuple[str, ...]:
    told = one.answer or Answer("", {}, "", "no answer", 0)
    return one.applied.entityId, one.applied.story, told.status, told.step, str(told.milliseconds), told.why
