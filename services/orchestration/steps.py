"""Taking executions a step further: what a step asks for is asked, what happened is told on workflow.progressed."""

from collections import deque
from collections.abc import Mapping
from datetime import timedelta

import structlog

from libs.asl import (
    Effect,
    HistoryEvent,
    ReadItems,
    ScheduleTask,
    StartChild,
    Step,
    StopChild,
    TaskFailed,
    TaskSucceeded,
    step,
)
from libs.asl import Event as MachineEvent
from libs.asl.execution import RUNNING
from libs.asl.integration import answer_to, call_of
from libs.asl.start_execution import starts_execution
from libs.events.message import Event, derived_id
from libs.events.models import StepResult, WorkflowStarted
from libs.events.record import Record
from libs.streaming.answering import TOKEN_HEADER
from libs.streaming.logs import about
from libs.streaming.transaction import Transaction
from services.orchestration import chapters, in_avro
from services.orchestration.definitions import Definitions
from services.orchestration.errand import Errand, Kind
from services.orchestration.kept import Kept, OpenRequest
from services.orchestration.resources import Resources
from services.orchestration.rules import BadTask, check_of, progressed, request_of
from services.orchestration.tokens import Tokens
from services.orchestration.unanswered import unanswered

SOURCE = "orchestration"
# A request without an answer is sent again, with the same id, after this long.
AGAIN = timedelta(seconds=60)
# Then after as long again as it has waited, since a person may take weeks; sent rows of the outbox are kept for a day.
AGAIN_AT_MOST = timedelta(hours=12)
# On the chapters of an execution that may ask a reviewer: whoever follows only those need not decode the others.
REVIEWED_HEADER = "reviewed"

log = structlog.get_logger()


def child_id(parent_id: str, execution_id: str) -> str:
    """The id of a child execution that the workflow language knows by another, long one."""
    return derived_id(parent_id, SOURCE, execution_id)


class Steps:
    """What every instance needs to take an execution a step further."""

    def __init__(self, tokens: Tokens, definitions: Definitions, resources: Resources, checks: tuple[str, ...]) -> None:
        self._tokens = tokens
        self._definitions = definitions
        self._resources = resources
        self._checks = checks

    def advance(self, tx: Transaction, cause: Event, kept: Kept, what: MachineEvent) -> bool:
        """Take an execution one event further; false where the event came too late to count."""
        after = self._step(tx, kept, what)
        if not after.applied:
            log.info("event.late", execution=kept.id, **about(cause))
            return False
        if isinstance(what, TaskSucceeded | TaskFailed):
            kept.requests.pop(what.task_id, None)
        self.tell(tx, cause, kept, after, None)
        return True

    def tell(self, tx: Transaction, cause: Event, kept: Kept, first: Step, started: WorkflowStarted | None) -> None:
        """Ask for what is due, and tell what happened, where something did."""
        kept.execution = first.execution
        history = list(first.history)
        waiting = deque(first.effects)
        while waiting:
            answer = self._ask(tx, cause, kept, waiting.popleft())
            if answer is not None:
                after = self._step(tx, kept, answer)
                kept.execution = after.execution
                history += after.history
                waiting += after.effects
        over = self._close(kept)
        if kept.execution.status != RUNNING:
            self.tell_awaiters(tx, kept)
        if history:
            self._publish_chapters(tx, cause, kept, history, unanswered(over, tx.now), started)

    def tell_awaiters(self, tx: Transaction, kept: Kept) -> None:
        """Have those who wait for the end of an execution know of it."""
        kept.errands += [
            Errand(Kind.END, kept.customer_id, one.execution_id, kept.id, one.told(kept.execution, tx.now))
            for one in kept.kin.awaiters
        ]

    def _step(self, tx: Transaction, kept: Kept, what: MachineEvent) -> Step:
        machine = self._definitions.machine(kept.definition_hash)
        return step(machine, kept.execution, what, tx.now, task_token=self._tokens.make)

    def _close(self, kept: Kept) -> list[OpenRequest]:
        """Forget what is waited for no more, and tell of it; an execution that a Task started is to stop then."""
        still_open = kept.execution.open_tasks
        over = [request for task, request in kept.requests.items() if task not in still_open]
        kept.requests = {task: request for task, request in kept.requests.items() if task in still_open}
        for task in [task for task in kept.kin.nested if task not in still_open]:
            other = kept.kin.nested.pop(task)
            cause = f"The Task of execution {kept.id} that waited for this one waits no more"
            kept.errands.append(Errand(Kind.STOP, kept.customer_id, other, kept.id, {"cause": cause}))
        return over

    def _publish_chapters(
        self, tx: Transaction, cause: Event, kept: Kept, history: list[HistoryEvent], over: list[StepResult],
        started: WorkflowStarted | None,
    ) -> None:  # fmt: skip
        kept.sequence += 1
        whole = progressed(kept, cause.data, started, over, tx.now)
        fields = {"history": in_avro.history(history), **({} if over else in_avro.accepted(cause))}
        for chapter, encoded in chapters.split(whole, fields, history):
            kept.sequence = chapter.sequence
            event = self._event(cause, kept, "workflow.progressed", kept.sequence, chapter, tx, encoded)
            tx.publish(event, *self._headers(kept))

    def _headers(self, kept: Kept) -> tuple[tuple[str, bytes], ...]:
        return ((REVIEWED_HEADER, b"true"),) if self._definitions.asks_review(kept.definition_hash) else ()

    def _ask(self, tx: Transaction, cause: Event, kept: Kept, effect: Effect) -> MachineEvent | None:
        """Ask for what a step wants; the answer at once where there is nobody to ask, or it cannot be asked."""
        if isinstance(effect, ScheduleTask):
            return self._ask_check(tx, cause, kept, effect)
        kept.errands.append(_errand(kept, effect))
        return None

    def _ask_check(self, tx: Transaction, cause: Event, kept: Kept, effect: ScheduleTask) -> MachineEvent | None:
        """Send a task's request, unless the task is to start another execution."""
        token = self._tokens.make(kept.id, effect.task_id)
        call = call_of(effect.resource, effect.parameters)
        row = self._resources.row(call)
        if row is not None and row.check is None:
            return TaskSucceeded(effect.task_id, answer_to(effect.resource, row.answer))
        if row is None and starts_execution(effect):
            document = {
                "task": effect.task_id,
                "state": effect.state,
                "resource": effect.resource,
                "parameters": effect.parameters,
            }
            kept.errands.append(Errand(Kind.EXECUTION, kept.customer_id, kept.id, kept.id, document))
            return None
        try:
            check = check_of(effect, self._checks, row)
            request = request_of(kept, effect, token, row)
        except BadTask as problem:
            return TaskFailed(effect.task_id, "Vetstream.BadTask", str(problem))
        person = {"individual": in_avro.person(kept.individual or "{}")}
        event = self._event(cause, kept, f"{check}.requested", effect.task_id, request, tx, person)
        tx.publish(event, (TOKEN_HEADER, token.encode()))
        kept.requests[effect.task_id] = OpenRequest(
            event.id, tx.now + AGAIN, call if row is not None else None, check, tx.now, effect.timeout_at
        )
        return None

    def _event(
        self, cause: Event, kept: Kept, topic: str, number: int, data: Record, tx: Transaction,
        encoded: Mapping[str, bytes],
    ) -> Event:  # fmt: skip
        return Event(
            id=derived_id(kept.id, topic, number),
            topic=topic,
            source=SOURCE,
            time=tx.now,
            key=kept.key,
            data=data,
            correlation=kept.id,
            causation=cause.id,
            traceparent=cause.traceparent,
            encoded=encoded,
        )


def _errand(kept: Kept, effect: Effect) -> Errand:
    """What a step wants of another execution, or of a file."""
    assert not isinstance(effect, ScheduleTask)
    if isinstance(effect, StartChild):
        document = {
            "child": effect.child_id,
            "state": effect.state,
            "input": effect.input,
            "context": effect.context,
            "redriven": effect.redriven,
            "workflow": kept.workflow,
        }
        return Errand(Kind.ITEM, kept.customer_id, child_id(kept.id, effect.execution_id), kept.id, document)
    if isinstance(effect, StopChild):
        return Errand(Kind.STOP, kept.customer_id, child_id(kept.id, effect.execution_id), kept.id, {})
    file = {"file": effect.file_id, "resource": effect.resource, "parameters": effect.parameters}
    if isinstance(effect, ReadItems):
        return Errand(Kind.READ, kept.customer_id, kept.id, kept.id, file)
    results = {"results": effect.results, "config": effect.config}
    return Errand(Kind.WRITE, kept.customer_id, kept.id, kept.id, {**file, **results})
