"""What a changed policy would have made of cases that were decided: who would flip, and why."""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import orjson

from libs.asl import Event, Machine, ScheduleTask, TaskFailed, TaskSucceeded, TimersDue, start, step
from libs.asl.execution import RUNNING
from libs.audit.case import Case
from libs.audit.following import NotRepeatable
from libs.audit.parts import Parts
from libs.events.models import HistoryEvent, StepOutcome, StepResult
from libs.streaming.check import Again, Check, CheckFailed

# No machine that follows recorded answers takes more events than this.
MOST_EVENTS = 10_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one decision came to; the risk where it was assessed."""

    status: str
    rule: str
    why: str
    risk: str

    @classmethod
    def of(cls, decided: StepOutcome | None, risk: StepOutcome | None) -> "Outcome":
        """From the outcomes of the steps."""
        decision = decided.decision if decided else None
        told = f"{risk.risk.level.value} {risk.risk.score}" if risk and risk.risk else ""
        if decided is None or decision is None:
            return cls("UNCHECKED", "", "no decision is made", told)
        why = decided.reasons[0].message if decided.reasons else ""
        return cls(decision.status.value, decision.rule, why, told)


@dataclass(frozen=True, slots=True)
class Flip:
    """A case before and after."""

    execution: str
    customer: str
    entity: str
    before: Outcome
    after: Outcome

    @property
    def line(self) -> str:
        """The flip for a person to read."""
        what = f"{self.before.status} → {self.after.status}"
        rules = f"{self.before.rule} → {self.after.rule}"
        risk = f", risk {self.before.risk} → {self.after.risk}" if self.before.risk != self.after.risk else ""
        return f"{what:18}  {self.execution}  {self.customer}:{self.entity}  ({rules}{risk})  {self.after.why}"

    @property
    def json(self) -> str:
        """The flip as a line of JSON."""
        return orjson.dumps(asdict(self)).decode()


@dataclass(frozen=True, slots=True)
class Changed:
    """What answers otherwise: checks that decide anew, and checks that judge anew what their sources answered then."""

    checks: Mapping[str, Check]
    again: Mapping[str, Again] = field(default_factory=dict)


async def outcomes(case: Case, machine: Machine, parts: Parts, changed: Changed) -> Flip:
    """The case as decided and as the changed checks decide it; raises NotRepeatable where it goes beyond the record."""
    before = {result.outcome.stepName: result.outcome for result in case.accepted}
    answered: dict[str, StepOutcome] = {}
    recorded = _Recorded(case)

    async def answer(task: ScheduleTask) -> Event:
        name = parts.asked(task) or ""
        check, again = changed.checks.get(name), changed.again.get(name)
        try:
            if check is not None:
                result = await check.answer(parts.request(case, task), case.chapters[-1].occurredAt)
            else:
                event, then = recorded.next(task)
                if again is None or then is None:
                    return event
                result = await again(then)(parts.request(case, task), then.startedAt)
        except CheckFailed as failed:
            return TaskFailed(task.task_id, failed.error, failed.cause)
        answered[result.outcome.stepName] = result.outcome
        return parts.answer(task, result)

    await _run(case, machine, answer)
    after = Outcome.of(answered.get("DECISION"), answered.get("RISK") or before.get("RISK"))
    was = Outcome.of(before.get("DECISION"), before.get("RISK"))
    last = case.chapters[-1]
    return Flip(case.id, last.customerId, last.entityId, was, after)


async def _run(case: Case, machine: Machine, answer: Callable[[ScheduleTask], Any]) -> None:
    """The machine to its end, each task answered at once."""
    given = orjson.loads(case.chapters[0].history[0].details)
    now = case.chapters[0].occurredAt
    made = start(machine, execution_id=case.id, input=given.get("input"), now=now)
    waiting = deque(made.effects)
    for _ in range(MOST_EVENTS):
        execution = made.execution
        if execution.status != RUNNING:
            return
        if waiting:
            task = waiting.popleft()
            if not isinstance(task, ScheduleTask):
                raise NotRepeatable("it has more to do than to ask checks")
            event = await answer(task)
        elif execution.next_due is not None:
            now, event = max(now, execution.next_due), TimersDue()
        else:
            break
        made = step(machine, execution, event, now)
        waiting += made.effects
    raise NotRepeatable("it does not come to an end with what was answered then")


class _Recorded:
    """What tasks were answered, by the state that asked, in order."""

    def __init__(self, case: Case) -> None:
        self._events = {event.id: event for chapter in case.chapters for event in chapter.history}
        self._results = {chapter.history[0].id: one for chapter in case.chapters for one in chapter.accepted}
        self._left: dict[str, deque[HistoryEvent]] = {}
        for event in self._events.values():
            if event.type.startswith(("Task", "Lambda")) and event.type.endswith(("Succeeded", "Failed", "TimedOut")):
                self._left.setdefault(self._state(event), deque()).append(event)

    def next(self, task: ScheduleTask) -> tuple[Event, StepResult | None]:
        """The next answer of a state, with what the check found; raises NotRepeatable where it was not asked then."""
        left = self._left.get(task.state)
        if not left:
            raise NotRepeatable(f"it comes to {task.state}, which was not asked then")
        event = left.popleft()
        details = orjson.loads(event.details)
        if event.type.endswith("Succeeded"):
            return TaskSucceeded(task.task_id, details.get("output")), self._results.get(event.id)
        return TaskFailed(task.task_id, details.get("error", "States.Timeout"), details.get("cause")), None

    def _state(self, event: HistoryEvent) -> str:
        while not event.type.endswith("StateEntered") and event.previousEventId in self._events:
            event = self._events[event.previousEventId]
        return str(orjson.loads(event.details).get("name", ""))
