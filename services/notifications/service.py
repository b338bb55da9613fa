"""Notifications as a stateful service: what a step asks to be told is kept, the step answered, and it is delivered."""

import asyncio
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncEngine

from libs.delivery.attempts import ENDED
from libs.delivery.sending import Sender
from libs.delivery.worker import Worker
from libs.events.message import Event, derived_id
from libs.events.models import CheckRequested, NotificationChanged, Task
from libs.events.record import Record
from libs.streaming.consumer import Handler
from libs.streaming.transaction import Transaction
from services.notifications import rules, store
from services.notifications.deliveries import MEASURES, SERVICE, Deliveries
from services.notifications.rules import Notification, Refused

REQUESTED, COMPLETED, CHANGED = "notification.requested", "notification.completed", "notification.changed"
WORKFLOW = "workflow"
AT_MOST = 500


class Notifications(Handler):
    """Whatever is killed when: what was kept is delivered, under the same id."""

    group = SERVICE
    topics = (REQUESTED,)

    def __init__(self, deliveries: Deliveries, sender: Sender) -> None:
        self._deliveries = deliveries
        self._sender = sender

    async def beside(self, engine: AsyncEngine, stopping: asyncio.Event) -> None:
        """Deliver, and count what waits."""
        sampling = asyncio.create_task(MEASURES.sample(engine, store.LOG))
        try:
            await Worker(engine, self._deliveries, self._sender).run(stopping)
        finally:
            sampling.cancel()

    async def tick(self, tx: Transaction) -> bool:
        """Tell how deliveries stand that have come to an end, and answer who waits for that."""
        return await _tell(tx) == AT_MOST

    async def apply(self, tx: Transaction, events: Sequence[Event]) -> None:
        """Keep what is to be delivered, and answer who need not wait."""
        asked = [(event, one) for event in events if (one := _asked(tx, event)) is not None]
        if not asked:
            return
        new = await store.keep(tx.connection, asked, tx.now)
        await store.change(tx.connection, sorted(new), "ACCEPTED", WORKFLOW, tx.now)
        for event, one in asked:
            repeated = one.id not in new
            new.discard(one.id)
            await _answer(tx, event, one, repeated)
        await _tell(tx)


def _asked(tx: Transaction, event: Event) -> Notification | None:
    """What is to be told; a request that cannot be meant is answered."""
    assert isinstance(event.data, CheckRequested)
    try:
        return rules.notification(event.data, event.time)
    except Refused as refused:
        tx.emit(event, COMPLETED, "answer", rules.failure(event.data, refused, tx.now))
        return None


async def _answer(tx: Transaction, event: Event, one: Notification, repeated: bool) -> None:
    if one.waits and await store.wait(tx.connection, one):
        return
    state, attempts = await store.standing(tx.connection, one.id) if repeated else ("PENDING", 0)
    assert isinstance(event.data, CheckRequested)
    decided = rules.decision(event.data.settings)
    answer = rules.answer(one.task, state, attempts, tx.now, repeated=repeated, decided=decided)
    tx.emit(event, COMPLETED, "answer", answer)


async def _tell(tx: Transaction) -> int:
    changes = await store.untold(tx.connection, AT_MOST)
    for row in changes:
        _publish(tx, row, CHANGED, str(row["sequence"]), _changed(row))
    ended = {row["delivery_id"]: row for row in changes if row["state"] in ENDED}
    tasks = await store.answered(tx.connection, list(ended)) if ended else {}
    for id, task in tasks.items():
        row = ended[id]
        answer = rules.answer(Task.model_validate_json(task), row["state"], row["attempts"], tx.now)
        _publish(tx, row, COMPLETED, answer.task.token, answer)
    return len(changes)


def _publish(tx: Transaction, row: store.Row, topic: str, name: str, data: Record) -> None:
    id = derived_id(row["delivery_id"], SERVICE, topic, name)
    key = f"{row['customer_id']}:{row['entity_id']}"
    tx.publish(
        Event(
            id, topic, SERVICE, tx.now, key, data,
            correlation=row["execution_id"], causation=row["cause_id"], traceparent=row["traceparent"],
        )
    )  # fmt: skip


def _changed(row: store.Row) -> NotificationChanged:
    return NotificationChanged(
        notificationId=row["delivery_id"],
        customerId=row["customer_id"],
        entityId=row["entity_id"],
        workflowExecutionId=row["execution_id"],
        requestId=row["request_id"],
        stepName=row["step_name"],
        purpose=row["purpose"],
        sequence=row["sequence"],
        state=row["state"],
        attempts=row["attempts"],
        changedAt=row["changed_at"],
        changedBy=row["changed_by"],
        status=row["status"],
        error=row["error"],
        milliseconds=row["milliseconds"],
    )
