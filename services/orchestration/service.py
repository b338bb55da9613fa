"""Orchestration: people come in, workflows ask the checks, and each step is told on workflow.progressed."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import ClassVar, TypeAlias

import structlog

from libs.asl import Redrive, TimersDue, start
from libs.events import applications
from libs.events.catalogue import checks
from libs.events.codec import Keep
from libs.events.fingerprint import fingerprint
from libs.events.message import Event, derived_id
from libs.events.models import (
    ApplicationSubmitted,
    CheckCompleted,
    CommandRequested,
    EntityOnboarded,
    MonitoringAlerted,
    RulingRequested,
    WorkflowRequested,
)
from libs.store.outbox import send_again
from libs.streaming.consumer import Handler, is_bug
from libs.streaming.logs import about, where
from libs.streaming.transaction import Transaction
from services.orchestration import commands, rulings, store
from services.orchestration.definitions import Definitions, Workflow, shipped_resources
from services.orchestration.doing import Doing
from services.orchestration.files import LocalFiles
from services.orchestration.kept import Kept
from services.orchestration.rules import Begins, answer_of, workflow_input
from services.orchestration.rulings import Rulings
from services.orchestration.runner import Runner
from services.orchestration.steps import AGAIN, SOURCE, Steps
from services.orchestration.tokens import BadToken, Tokens

DUE_AT_ONCE = 200
# An execution whose timer cannot be fired, a bug, is left alone for this long; the others go on.
PARKED = timedelta(hours=1)

log = structlog.get_logger()

Starts: TypeAlias = EntityOnboarded | WorkflowRequested | ApplicationSubmitted


class Orchestration(Handler):
    """Directs each execution by its workflow's definition."""

    group = SOURCE
    topics = (
        "entity.onboarded",
        "workflow.requested",
        "application.submitted",
        "command.requested",
        "ruling.requested",
        "monitoring.alerted",
        *(f"{check}.completed" for check in checks()),
    )
    keep: ClassVar[Keep] = {"vetstream.CheckCompleted": ("result",)}

    def __init__(self, tokens: Tokens, files: LocalFiles | None = None) -> None:
        self._tokens = tokens
        self._definitions = Definitions()
        self._resources = shipped_resources()
        self._steps = Steps(tokens, self._definitions, self._resources, checks())
        doing = Doing(self._steps, tokens, self._definitions, self._resources, files)
        self._runner = Runner(doing, self._definitions)

    async def apply(self, tx: Transaction, events: Sequence[Event]) -> None:
        """Start executions, take in answers and rulings, obey commands, in the order of the events."""
        answers = {event.id: self._task_of(tx, event) for event in events if isinstance(event.data, CheckCompleted)}
        known = await store.lock(tx.connection, _mentioned(events, answers) | commands.commanded(events))
        starts = [_workflow_named(event.data) for event in events if isinstance(event.data, Starts)]
        await self._definitions.refresh(tx.connection, tx.now, starts)
        alerted = {event.data.monitoringType for event in events if isinstance(event.data, MonitoringAlerted)}
        watching = [name for type in alerted for name in self._definitions.watching(type)]
        await self._definitions.refresh(tx.connection, tx.now, watching)
        await self._definitions.load(tx.connection, {kept.definition_hash for kept in known.values()})
        held = await rulings.load(tx.connection, events)
        changed: dict[str, Kept] = {}
        for event in events:
            if isinstance(event.data, RulingRequested):
                tx.emit(event, "ruling.changed", "ruling", held.decide(event.data))
                continue
            if isinstance(event.data, MonitoringAlerted):
                changed |= {one.id: one for one in self._alerted(tx, event, event.data, held)}
                continue
            if isinstance(event.data, CheckCompleted):
                kept = self._answered(tx, event, event.data, answers[event.id], known)
            elif isinstance(event.data, Starts):
                kept = self._started(tx, event, event.data, held, known)
            else:
                assert isinstance(event.data, CommandRequested)
                kept = await self._commanded(tx, event, event.data, known)
            if kept is not None:
                changed[kept.id] = kept
        await store.save(tx.connection, changed.values(), tx.now)
        await rulings.save(tx.connection, held)

    async def tick(self, tx: Transaction) -> bool:
        """Fire timers that are due, send requests again that were never answered, and run errands."""
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
                log.error("execution.parked", execution=row.workflow_execution_id, error=where(error))
                await store.park(tx.connection, row, tx.now + PARKED)
        more = await self._runner.run(tx)
        return more or len(rows) == DUE_AT_ONCE

    async def _time_has_come(self, tx: Transaction, kept: Kept) -> None:
        await self._definitions.load(tx.connection, {kept.definition_hash})
        if kept.execution.next_due is not None and kept.execution.next_due <= tx.now:
            self._steps.advance(tx, _timer(kept, tx), kept, TimersDue())
        late = [request for request in kept.requests.values() if request.again_at <= tx.now]
        if late:
            await send_again(tx.connection, [request.event_id for request in late], tx.now)
        for request in late:
            request.again_at = tx.now + AGAIN
        await store.save(tx.connection, [kept], tx.now)

    def _task_of(self, tx: Transaction, event: Event) -> tuple[str, int] | None:
        assert isinstance(event.data, CheckCompleted)
        try:
            return self._tokens.read(event.data.task.token)
        except BadToken as error:
            tx.refuse(event, "BAD_TOKEN", str(error))
            return None

    def _started(
        self, tx: Transaction, event: Event, data: Starts, held: Rulings, known: dict[store.Key, Kept]
    ) -> Kept | None:
        execution_id = derived_id(event.id, SOURCE, "execution")
        if isinstance(data, ApplicationSubmitted):
            execution_id = applications.execution_id(data.customerId, data.application.applicationId)
            if (earlier := known.get((data.customerId, execution_id))) is not None:
                self._sent_again(tx, event, data, earlier)
                return None
        names = _workflow_named(data)
        workflow = self._definitions.to_start(*names, execution_id)
        if workflow is None:
            named = f"{names[0] or 'any service'} / {names[1] or 'onboarding'}"
            tx.refuse(event, "UNKNOWN_WORKFLOW", f"no workflow, or more than one, goes by {named}")
            return None
        kept = self._begun(tx, event, data, execution_id, workflow, held)
        if isinstance(data, ApplicationSubmitted):
            known[data.customerId, execution_id] = kept
        return kept

    def _sent_again(self, tx: Transaction, event: Event, data: ApplicationSubmitted, earlier: Kept) -> None:
        """One application is one execution; another one under its id is refused."""
        given = earlier.execution.input
        same = isinstance(given, dict) and given["application"]["sha256"] == fingerprint(data.application)
        if not same or earlier.entity_id != data.entityId:
            text = f"another application was sent as {data.application.applicationId}"
            tx.refuse(event, "ANOTHER_APPLICATION", text)
        log.info("application.repeated", execution=earlier.id, **about(event))

    def _alerted(self, tx: Transaction, event: Event, data: MonitoringAlerted, held: Rulings) -> list[Kept]:
        """One execution of each workflow that watches for this, once however often the alert comes."""
        begun = []
        for name in self._definitions.watching(data.monitoringType):
            execution_id = derived_id(event.id, SOURCE, "execution", *name)
            if (workflow := self._definitions.to_start(*name, execution_id)) is not None:
                begun.append(self._begun(tx, event, data, execution_id, workflow, held))
        return begun

    def _begun(
        self, tx: Transaction, event: Event, data: Begins, execution_id: str, workflow: Workflow, held: Rulings
    ) -> Kept:
        ruled = held.settings(data.customerId, data.entityId)
        first = start(
            workflow.machine,
            execution_id=execution_id,
            input=workflow_input(data, workflow.service_name, workflow.workflow_name, ruled),
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
            application=_application(data),
        )
        self._steps.tell(tx, event, kept, first, workflow.started(data.requestedBy))
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
        return kept if self._steps.advance(tx, event, kept, answer) else None

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
            log.info("event.late", execution=kept.id, **about(event))
            return None
        if isinstance(what, Redrive):
            commands.take_person(kept, data)
        if not self._steps.advance(tx, event, kept, what):
            return None
        if isinstance(what, Redrive):
            await store.put_person_back(tx.connection, kept)
        return kept


def _workflow_named(data: Starts) -> tuple[str | None, str | None]:
    """The workflow that a new execution is to run, as far as it is named."""
    if isinstance(data, ApplicationSubmitted):
        return applications.workflow_of(data.serviceName, data.workflowName)
    return data.serviceName, data.workflowName


def _application(data: Begins) -> str | None:
    return data.application.model_dump_json(exclude_defaults=True) if isinstance(data, ApplicationSubmitted) else None


def _mentioned(events: Sequence[Event], answers: Mapping[str, tuple[str, int] | None]) -> set[store.Key]:
    """The (customer, execution) that answers and applications are for."""
    submitted = {
        (event.data.customerId, applications.execution_id(event.data.customerId, event.data.application.applicationId))
        for event in events
        if isinstance(event.data, ApplicationSubmitted)
    }
    return submitted | {
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
