"""Review as a stateful service: requests open cases, resubmissions and time move them, and each change is told."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from libs.events.message import Event, Message, derived_id
from libs.events.models import (
    CheckCompleted,
    CheckRequested,
    CollectionSubmitted,
    ExecutionState,
    StepError,
    StepOutcome,
    StepResult,
    StepResultCode,
    WorkflowProgressed,
    WorkflowPublished,
)
from libs.streaming.consumer import Handler
from libs.streaming.transaction import Transaction
from services.review import rules, store, stories
from services.review.case import Case
from services.review.policy import Policy
from services.review.rules import STEP, Refused, Told
from services.review.store import Key

REQUESTED, COMPLETED, CHANGED = "review.requested", "review.completed", "case.changed"
PROGRESSED, SUBMITTED = "workflow.progressed", "collection.submitted"
# On the chapters of an execution that may ask a reviewer; no other is decoded.
REVIEWED_HEADER = "reviewed"
DEFAULT_POLICY = "onboarding"
DUE_AT_ONCE = 200
STORIES_KEPT = timedelta(days=1)


class Review(Handler):
    """Keeps a case for each execution that asks for one, until somebody or time decides it."""

    group = "review"
    topics = (REQUESTED, SUBMITTED, PROGRESSED, "workflow.published")

    def __init__(self, policies: Mapping[str, Policy]) -> None:
        self._policies = policies

    def wants(self, message: Message) -> bool:
        """Of the stories only those with a reviewer in them."""
        return message.topic != PROGRESSED or any(name == REVIEWED_HEADER for name, _ in message.headers)

    async def apply(self, tx: Transaction, events: Sequence[Event]) -> None:
        """Take in a batch in its order."""
        known = await store.lock(tx.connection, {key for event in events if (key := _key(event)) is not None})
        await stories.keep(tx.connection, [one.data for one in events if isinstance(one.data, WorkflowProgressed)])
        for event in events:
            data = event.data
            if isinstance(data, CheckRequested):
                await self._requested(tx, event, data, known)
            elif isinstance(data, CollectionSubmitted):
                await self._resubmitted(tx, event, data, known)
            elif isinstance(data, WorkflowProgressed):
                await self._progressed(tx, data, known)
            else:
                assert isinstance(data, WorkflowPublished)
                await stories.define(tx.connection, data)

    async def tick(self, tx: Transaction) -> bool:
        """Remind, and let what is overdue come to what its policy says."""
        found = await store.due(tx.connection, tx.now, DUE_AT_ONCE)
        for case in found:
            told = rules.time_has_come(case, self._policies[case.policy], tx.now)
            if told is None:
                await store.update(tx.connection, case)
            else:
                await tell(tx, case, told)
        await stories.forget(tx.connection, tx.now - STORIES_KEPT)
        return len(found) == DUE_AT_ONCE

    async def _requested(self, tx: Transaction, event: Event, data: CheckRequested, known: dict[Key, Case]) -> None:
        policy = self._policies.get(data.settings.get("policy", DEFAULT_POLICY))
        if policy is None:
            tx.emit(event, COMPLETED, "answer", _no_policy(data, tx))
            return
        key = data.task.customerId, rules.case_id(data.task.workflowExecutionId)
        case = known.get(key)
        if case is None:
            known[key], told = rules.opened(data, policy, tx.now)
            case = known[key]
            await store.open_(tx.connection, case)
        elif (again := rules.asked_again(case, data, policy, tx.now)) is not None:
            told = again
        else:
            return
        await store.keep_round(tx.connection, case, data, tx.now)
        await tell(tx, case, told)
        if await stories.has_ended(tx.connection, case.customer_id, case.execution_id):
            await self._close(tx, case)

    async def _resubmitted(
        self, tx: Transaction, event: Event, data: CollectionSubmitted, known: dict[Key, Case]
    ) -> None:
        case = known.get((data.customerId, data.caseId))
        if case is None:
            tx.refuse(event, "UNKNOWN_CASE", f"no case {data.caseId} of this customer")
            return
        try:
            told = rules.resubmitted(case, data, self._policies[case.policy], tx.now)
        except Refused as refused:
            tx.refuse(event, refused.reason, str(refused))
            return
        await tell(tx, case, told)

    async def _progressed(self, tx: Transaction, data: WorkflowProgressed, known: dict[Key, Case]) -> None:
        case = known.get((data.customerId, rules.case_id(data.workflowExecutionId)))
        if case is None:
            return
        if rules.taken_in(case, data):
            await store.update(tx.connection, case)
        if data.state is not ExecutionState.RUNNING:
            await self._close(tx, case)

    async def _close(self, tx: Transaction, case: Case) -> None:
        told = rules.ended(case, tx.now)
        if told is not None:
            await tell(tx, case, told)


async def tell(tx: Transaction, case: Case, told: Told) -> None:
    """Keep what was done to a case, tell of it, and answer the workflow where it is done with."""
    await store.save(tx.connection, case, told)
    for event in events_of(case, told):
        tx.publish(event)


def events_of(case: Case, told: Told) -> list[Event]:
    """What there is to publish of something that was done; the same each time it is worked out."""
    change = told.change
    about: dict[str, Any] = {
        "source": Review.group, "time": change.changedAt, "key": case.key, "correlation": case.execution_id
    }  # fmt: skip
    events = [Event(id=change.changeId, topic=CHANGED, data=change, **about)]
    if told.answer is not None:
        # One answer a task, whoever gives it.
        id = derived_id(told.answer.task.token, COMPLETED)
        events.insert(0, Event(id=id, topic=COMPLETED, data=told.answer, **about))
    return events


def _key(event: Event) -> Key | None:
    data = event.data
    if isinstance(data, CheckRequested):
        return data.task.customerId, rules.case_id(data.task.workflowExecutionId)
    if isinstance(data, CollectionSubmitted):
        return data.customerId, data.caseId
    if isinstance(data, WorkflowProgressed):
        return data.customerId, rules.case_id(data.workflowExecutionId)
    return None


def _no_policy(data: CheckRequested, tx: Transaction) -> CheckCompleted:
    named = data.settings.get("policy", DEFAULT_POLICY)
    error = StepError(code="Check.BadSettings", description=f"no policy of reviews {named}", location="review")
    outcome = StepOutcome(stepName=STEP, result=StepResultCode.ERROR)
    result = StepResult(outcome=outcome, errors=[error], startedAt=tx.now, endedAt=tx.now)
    return CheckCompleted(task=data.task, result=result, error=error.code, cause=error.description)
