"""The services' own parts that a case is run again with: what a task asks, and the checks that answer."""

import importlib
from collections.abc import Mapping
from typing import Any

import orjson

from libs.asl import Event, Execution, Machine, ScheduleTask
from libs.asl.integration import call_of
from libs.audit.case import Case
from libs.audit.topics import machine_of
from libs.events.catalogue import checks
from libs.events.models import CheckCompleted, CheckRequested, StepResult, Task
from libs.streaming.check import Check
from libs.streaming.ports import Broker
from libs.streaming.references import ReferenceReader

# The answer of a task that nobody sent.
_NOBODY = Task(token="", customerId="", entityId="", workflowExecutionId="", requestId="", stepName="")


class Parts:
    """Checks built when they are first needed, their reference data read from the broker as it is now.

    `checks` stand in the place of those that would be built.
    """

    def __init__(self, broker: Broker, checks: Mapping[str, Check] | None = None) -> None:
        self._broker = broker
        self._checks: dict[str, Check | None] = dict(checks or {})
        self._machines: dict[str, Machine] = {}
        # A library knows of no service: these are found by name, as the set-up finds them.
        self._rules: Any = importlib.import_module("services.orchestration.rules")
        self._kept: Any = importlib.import_module("services.orchestration.kept")
        self._resources: Any = importlib.import_module("services.orchestration.definitions").shipped_resources()

    def machine(self, case: Case) -> Machine:
        """The machine that an execution ran, made once for each definition; raises NoCase."""
        if case.definition_hash not in self._machines:
            self._machines[case.definition_hash] = machine_of(case)
        return self._machines[case.definition_hash]

    def asked(self, task: ScheduleTask) -> str | None:
        """The check that a task asks; None where it asks none."""
        row = self._resources.row(call_of(task.resource, task.parameters))
        try:
            return str(self._rules.check_of(task, checks(), row))
        except self._rules.BadTask:
            return None

    def request(self, case: Case, task: ScheduleTask, token: str = "") -> CheckRequested:
        """What orchestration asks the check of a task."""
        last = case.chapters[-1]
        execution = Execution(case.id, case.definition_hash, _input(case), {}, last.occurredAt)
        kept = self._kept.Kept(
            customer_id=last.customerId,
            entity_id=last.entityId,
            entity_version=last.entityVersion,
            request_id=last.requestId,
            definition_hash=case.definition_hash,
            execution=execution,
            individual=case.person.model_dump_json(exclude_defaults=True),
        )
        row = self._resources.row(call_of(task.resource, task.parameters))
        request: CheckRequested = self._rules.request_of(kept, task, token, row)
        return request

    def answer(self, task: ScheduleTask, result: StepResult) -> Event:
        """What an answer is to the workflow."""
        call = call_of(task.resource, task.parameters)
        row = self._resources.row(call)
        completed = CheckCompleted(task=_NOBODY, result=result)
        event: Event = self._rules.answer_of(task.task_id, completed, call if row else None, self._resources)
        return event

    async def check(self, name: str) -> Check | None:
        """The check of a name; None for one that keeps a state of its own."""
        if name not in self._checks:
            self._checks[name] = await self._built(name)
        return self._checks[name]

    async def _built(self, name: str) -> Check | None:
        try:
            module = importlib.import_module(f"services.{name}.agent")
        except ModuleNotFoundError:
            return None
        check: Check = module.check()
        if check.repeatable:
            await ReferenceReader(self._broker, check.references).catch_up()
        return check


def _input(case: Case) -> Any:
    """What the execution began with: it says what people have decided of the person, too."""
    first = case.chapters[0].history[:1]
    return orjson.loads(first[0].details).get("input") if first else None
