"""From a batch of requests to their answers: what a check's agent does, apart from where the batch comes from."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import structlog

from libs.events.catalogue import step_asked, step_name
from libs.events.codec import Undecodable, encode
from libs.events.message import Event, Message
from libs.events.models import (
    CheckCompleted,
    CheckRequested,
    StepError,
    StepOutcome,
    StepResult,
    StepResultCode,
    Task,
)
from libs.streaming import metrics
from libs.streaming.check import Check, CheckFailed, with_provider
from libs.streaming.dead_letters import dead_letter
from libs.streaming.decoding import Decoder
from libs.streaming.logs import about, about_message, where
from libs.streaming.ports import Clock, system_clock

if TYPE_CHECKING:
    from libs.streaming.tracing import Tracing  # loaded where it is wanted only

# The task's token also travels in this header: where the record itself cannot be read, its workflow is still told.
TOKEN_HEADER = "tasktoken"

log = structlog.get_logger()


@dataclass(slots=True)
class Answering:
    """Answers batches of `<check>.requested` with records for `<check>.completed` and the dead letters."""

    check: Check
    clock: Clock = system_clock
    decoder: Decoder = field(default_factory=Decoder)
    tracing: "Tracing | None" = None

    @property
    def topic(self) -> str:
        """Where the requests come from."""
        return f"{self.check.name}.requested"

    async def answer(self, messages: Sequence[Message]) -> list[Message]:
        """What to publish for a batch, all of it before the batch is acknowledged; raises TooMuchGarbage."""
        decoded = await self.decoder.decode(messages)
        began = time.time_ns()
        answers = await self._all(decoded)
        self._count([result for _, result in decoded], began)
        return answers

    async def _all(self, decoded: Sequence[tuple[Message, Event | Undecodable]]) -> list[Message]:
        if self.check.at_once == 1:
            answers = [await self._one(message, result) for message, result in decoded]
        else:
            at_once = asyncio.Semaphore(self.check.at_once)
            answers = await asyncio.gather(*(self._among(at_once, message, result) for message, result in decoded))
        return [answer for several in answers for answer in several]

    def _count(self, results: Sequence[Event | Undecodable], began: int) -> None:
        now, name = self.clock(), self.check.name
        metrics.refused(name, [one for one in results if isinstance(one, Undecodable)])
        asked = [one for one in results if isinstance(one, Event)]
        metrics.EVENTS.labels(name).inc(len(asked))
        metrics.answered(name, [metrics.age(one, now) for one in asked])
        if self.tracing is not None:
            self.tracing.taken(name, asked, began)

    async def _among(self, at_once: asyncio.Semaphore, message: Message, result: Event | Undecodable) -> list[Message]:
        async with at_once:
            return await self._one(message, result)

    async def _one(self, message: Message, result: Event | Undecodable) -> list[Message]:
        if isinstance(result, Undecodable):
            return self._refused(message, result)
        request = result.data
        assert isinstance(request, CheckRequested)
        began = self.clock()
        try:
            async with asyncio.timeout(self.check.timeout.total_seconds()):
                return [self._completed(result, request.task, await self.check.answer(request, began))]
        except CheckFailed as failure:
            return [self._failed(result, request.task, failure, began)]
        except TimeoutError:
            cause = f"no answer within {self.check.timeout.total_seconds():g} s"
            return [self._failed(result, request.task, CheckFailed("Check.SourceUnavailable", cause), began)]
        except Exception as bug:
            log.error("check.raised", group=self.check.name, error=where(bug), **about(result))
            problem = Undecodable("RAISED", f"{type(bug).__name__}: {bug}")
            raised = CheckFailed("Check.Failed", f"{self.check.name} raised {type(bug).__name__}")
            failed = self._failed(result, request.task, raised, began)
            return [dead_letter(self.check.name, message, problem, self.clock()), failed]

    def _completed(self, request: Event, task: Task, result: StepResult) -> Message:
        return self._answer(request, CheckCompleted(task=task, result=with_provider(self.check.name, result)))

    def _failed(self, request: Event, task: Task, failure: CheckFailed, began: datetime) -> Message:
        """The error for the workflow, and for the record a step result with the sources that were asked."""
        name, asked = self.check.name, request.data
        settings = asked.settings if isinstance(asked, CheckRequested) else {}
        nothing = StepResult(
            outcome=StepOutcome(stepName=step_name(step_asked(name, settings)), result=StepResultCode.ERROR),
            startedAt=began,
            endedAt=self.clock(),
        )
        found = failure.found or nothing
        why = StepError(code=failure.error, description=failure.cause, location=name)
        result = with_provider(name, found.model_copy(update={"errors": [*found.errors, why]}))
        return self._answer(request, CheckCompleted(task=task, result=result, error=failure.error, cause=failure.cause))

    def _answer(self, request: Event, completed: CheckCompleted) -> Message:
        topic = f"{self.check.name}.completed"
        return encode(request.caused(self.check.name, topic, "answer", request.key, completed, self.clock()))

    def _refused(self, message: Message, problem: Undecodable) -> list[Message]:
        """Keep the record; where its token is readable, tell the workflow, so that it does not wait."""
        log.warning("record.refused", group=self.check.name, reason=problem.reason, **about_message(message))
        letter = dead_letter(self.check.name, message, problem, self.clock())
        if (unreadable := unreadable_request(self.check.name, message)) is None:
            return [letter]
        failure = CheckFailed("Check.Unreadable", f"{problem.reason}: {problem}")
        return [letter, self._failed(*unreadable, failure, self.clock())]


def unreadable_request(check: str, message: Message) -> tuple[Event, Task] | None:
    """What the headers and the key of an unreadable request still tell of its task; None without a token."""
    headers = {name: (value or b"").decode(errors="replace") for name, value in message.headers}
    if not headers.get(TOKEN_HEADER):
        return None
    customer, _, entity = (message.key or b"").decode(errors="replace").partition(":")
    execution = headers.get("correlationid", "")
    task = Task(
        token=headers[TOKEN_HEADER], customerId=customer, entityId=entity, workflowExecutionId=execution,
        requestId="", stepName=check,
    )  # fmt: skip
    cause = headers.get("ce_id") or f"{message.topic}/{message.partition}/{message.offset}"
    event = Event(
        cause, message.topic, headers.get("ce_source", ""), system_clock(), f"{customer}:{entity}",
        CheckCompleted(task=task), correlation=execution or None,
    )  # fmt: skip
    return event, task
