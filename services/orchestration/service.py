"""Orchestration: people come in, workflows ask the checks, and each step is told on workflow.progressed."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import ClassVar

import structlog

from libs.asl import Event as MachineEvent
from libs.asl import Redrive, ScheduleTask, Step, TaskFailed, TaskSucceeded, TimersDue, start, step
from libs.asl.integration import answer_to, call_of
from libs.events.catalogue import checks
from libs.events.codec import Keep
from libs.events.message import Event, derived_id
from libs.events.models import (
    CheckCompleted,
    CommandRequested,
    EntityOnboarded,
    WorkflowRequested,
    WorkflowStarted,
)
from libs.events.record import Record
from libs.store.outbox import send_again
from libs.streaming.answering import TOKEN_HEADER
from libs.streaming.consumer import Handler, is_bug
from libs.streaming.transaction import Transaction
from services.orchestration import commands, in_avro, store
from services.orchestration.definitions import Definitions, shipped_resources
from services.orchestration.kept import Kept, OpenRequest
from services.orchestration.rules import (
    BadTask,
    answer_of,
    check_of,
    progressed,
    request_of,
    workflow_input,
)
from services.orchestration.tokens import BadToken, Tokens
from services.orchestration.unanswered import unanswered

SOURCE = "orchestration"
# A request without an answer is sent again, with the same id, after this long.
AGAIN = timedelta(seconds=60)
DUE_AT_ONCE = 200
# An execution whose timer cannot be fired, a bug, is left alone for this long; the others go on.
PARKED = timedelta(hours=1)

log = structlog.get_logger()


class Orchestration(Handler):
    """Directs each execution by its workflow's definition."""

    group = SOURCE
    topics = (
        "entity.onboarded",
        "workflow.requested",
        "command.requested",
        *(f"{check}.completed" for check in checks()),
    )
    keep: ClassVar[Keep] = {"vetstream.CheckCompleted": ("result",)}

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._definitions = Definitions()
        self._checks = checks()
        self._resources = shipped_resources()

    async def apply(self, tx: Transaction, events: Sequence[Event]) -> None:
        """Start executions, take in answers and obey commands, in the order of the events."""
        answers = {event.id: self._task_of(tx, event) for event in events if isinstance(event.data, CheckCompleted)}
        known = await store.lock(tx.connection, _mentioned(events, answers) | commands.commanded(events))
        starts = [event.data for event in events if isinstance(event.data, EntityOnboarded | WorkflowRequested)]
        await self._definitions.refresh(tx.connection, tx.now, [(one.serviceName, one.workflowName) for one in starts])
        await self._definitions.load(tx.connection, {kept.definition_hash for kept in known.values()})
        changed: dict[str, Kept] = {}
        for event in events:
            if isinstance(event.data, CheckCompleted):
                kept = self._answered(tx, event, event.data, answers[event.id], known)
            elif isinstance(event.data, EntityOnboarded | WorkflowRequested):
                kept = self._started(tx, event, event.data)
            else:
                assert isinstance(event.data, CommandRequested)
                kept = await self._commanded(tx, event, event.data, known)
            if kept is not None:
                changed[kept.id] = kept
        await store.save(tx.connection, changed.values())

    async def tick(self, tx: Transaction) -> bool:
        """Fire timers that are due, and send requests again that were never answered."""
        rows = await store.due(tx.connection, tx.now, DUE_AT_ONCE)
        for row in rows:
            before = len(tx.outgoing)
            try:
                async with tx.connection.begin_nested():
                    await self._time_has_come(tx, store.kept(row))
            except Exception as error:
                if not is_bug(error):
                    raise
                del tx.outgoing[before:]
                log.error(
                    "execution.parked", execution=row.workflow_execution_id, error=f"{type(error).__name__}: {error}"
                )
                await store.park(tx.connection, row, tx.now + PARKED)
        return len(rows) == DUE_AT_ONCE

    async def _time_has_come(self, tx: Transaction, kept: Kept) -> None:
        await self._definitions.load(tx.connection, {kept.definition_hash})
        if kept.execution.next_due is not None and kept.execution.next_due <= tx.now:
            self._advance(tx, _timer(kept, tx), kept, TimersDue())
        late = [request for request in kept.requests.values() if request.again_at <= tx.now]
        if late:
            await send_again(tx.connection, [request.event_id for request in late], tx.now)
        for request in late:
            request.again_at = tx.now + AGAIN
        await store.save(tx.connection, [kept])

    def _task_of(self, tx: Transaction, event: Event) -> tuple[str, int] | None:
        assert isinstance(event.data, CheckCompleted)
        try:
            return self._tokens.read(event.data.task.token)
        except BadToken as error:
            tx.refuse(event, "BAD_TOKEN", str(error))
            return None

    def _started(self, tx: Transaction, event: Event, data: EntityOnboarded | WorkflowRequested) -> Kept | None:
        execution_id = derived_id(event.id, SOURCE, "execution")
        workflow = self._definitions.to_start(data.serviceName, data.workflowName, execution_id)
        if workflow is None:
            named = f"{data.serviceName or 'any service'} / {data.workflowName or 'onboarding'}"
            tx.refuse(event, "UNKNOWN_WORKFLOW", f"no workflow, or more than one, goes by {named}")
            return None
        first = start(
            workflow.machine,
            execution_id=execution_id,
            input=workflow_input(data, workflow.service_name, workflow.workflow_name),
            now=tx.now,
            task_token=self._tokens.make,
        )
        kept = Kept(
            customer_id=data.customerId,
            entity_id=data.entityId,
            entity_version=data.entityVersion,
            request_id=data.requestId or event.id,
            definition_hash=workflow.machine.content_hash,
            execution=first.execution,
            individual=data.individual.model_dump_json(exclude_defaults=True),
        )
        self._tell(tx, event, kept, first, workflow.started(data.requestedBy))
        return kept

    def _answered(
        self,
        tx: Transaction,
        event: Event,
        data: CheckCompleted,
        task: tuple[str, int] | None,
        known: dict[tuple[str, str], Kept],
    ) -> Kept | None:
        if task is None:
            return None
        kept = known.get((data.task.customerId, task[0]))
        if kept is None:
            tx.refuse(event, "UNKNOWN_EXECUTION", f"no execution {task[0]} of this customer")
            return None
        request = kept.requests.get(task[1])
        answer = answer_of(task[1], data, request.call if request is not None else None, self._resources)
        return kept if self._advance(tx, event, kept, answer) else None

    async def _commanded(
        self, tx: Transaction, event: Event, data: CommandRequested, known: dict[tuple[str, str], Kept]
    ) -> Kept | None:
        kept = known.get((data.customerId, data.workflowExecutionId))
        try:
            what = commands.meant(data, kept, self._tokens)
        except commands.Refused as refused:
            tx.refuse(event, refused.reason, str(refused))
            return None
        assert kept is not None, "a command for no execution is refused"
        if what is None:
            log.info("event.late", execution=kept.id, cause=event.id)
            return None
        if isinstance(what, Redrive):
            commands.take_person(kept, data)
        if not self._advance(tx, event, kept, what):
            return None
        if isinstance(what, Redrive):
            await store.put_person_back(tx.connection, kept)
        return kept

    def _advance(self, tx: Transaction, cause: Event, kept: Kept, what: MachineEvent) -> bool:
        """Take an execution one event further; false where the event came too late to count."""
        after = step(
            self._definitions.machine(kept.definition_hash), kept.execution, what, tx.now, task_token=self._tokens.make
        )
        if not after.applied:
            log.info("event.late", execution=kept.id, cause=cause.id)
            return False
        if isinstance(what, TaskSucceeded | TaskFailed):
            kept.requests.pop(what.task_id, None)
        if after.history:
            self._tell(tx, cause, kept, after, None)
        else:  # a heartbeat
            kept.execution = after.execution
        return True

    def _tell(self, tx: Transaction, cause: Event, kept: Kept, first: Step, started: WorkflowStarted | None) -> None:
        """Ask the checks that are due, and tell what happened."""
        history = list(first.history)
        kept.execution = first.execution
        waiting = list(first.effects)
        while waiting:
            effect = waiting.pop(0)
            assert isinstance(effect, ScheduleTask), "publish() takes no workflow that starts executions"
            if (answer := self._ask(tx, cause, kept, effect)) is None:
                continue
            after = step(
                self._definitions.machine(kept.definition_hash), kept.execution, answer, tx.now,
                task_token=self._tokens.make,
            )  # fmt: skip
            kept.execution = after.execution
            history += after.history
            waiting += after.effects
        still_open = kept.execution.open_tasks
        over = [request for task, request in kept.requests.items() if task not in still_open]
        kept.requests = {task: request for task, request in kept.requests.items() if task in still_open}
        kept.sequence += 1
        chapter = progressed(kept, cause.data, started, unanswered(over, tx.now), tx.now)
        encoded = {"history": in_avro.history(history), **({} if over else in_avro.accepted(cause))}
        tx.publish(self._event(cause, kept, "workflow.progressed", kept.sequence, chapter, tx, encoded))

    def _ask(self, tx: Transaction, cause: Event, kept: Kept, effect: ScheduleTask) -> MachineEvent | None:
        """Send a task's request; the answer at once where there is nobody to ask, or the request cannot be sent."""
        token = self._tokens.make(kept.id, effect.task_id)
        call = call_of(effect.resource, effect.parameters)
        row = self._resources.row(call)
        if row is not None and row.check is None:
            return TaskSucceeded(effect.task_id, answer_to(effect.resource, row.answer))
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


def _mentioned(events: Sequence[Event], answers: Mapping[str, tuple[str, int] | None]) -> set[tuple[str, str]]:
    """The (customer, execution) that answers are for."""
    return {
        (event.data.task.customerId, task[0])
        for event in events
        if isinstance(event.data, CheckCompleted) and (task := answers[event.id]) is not None
    }


def _timer(kept: Kept, tx: Transaction) -> Event:
    """The passing of time, as the cause of what follows from it."""
    return Event(
        id=derived_id(kept.id, "timer", kept.sequence),
        topic="timer",
        source=SOURCE,
        time=tx.now,
        key=kept.key,
        data=kept.person,
        correlation=kept.id,
    )
