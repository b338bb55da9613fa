"""The loop of a stateful service: batches of one transaction each, at least once on the wire, once in effect."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar, NamedTuple, TypeAlias

import structlog
from aiokafka.errors import KafkaError
from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from libs.events.codec import NOTHING, Keep, Undecodable
from libs.events.message import Event, Message, Partition, Position
from libs.store import held, inbox, outbox, positions
from libs.streaming import metrics
from libs.streaming.dead_letters import TooMuchGarbage, dead_letter
from libs.streaming.decoding import Decoder
from libs.streaming.log_identity import LogChanged, check_log
from libs.streaming.logs import about, about_message, where
from libs.streaming.ports import Broker, Clock, system_clock
from libs.streaming.progress import Progress
from libs.streaming.transaction import Transaction

if TYPE_CHECKING:
    from libs.streaming.tracing import Tracing  # loaded where it is wanted only

BATCH = 500
# From this many events a batch on, waiting a little for more costs less than it saves, unless plenty is there.
BUSY = 6
TICK = timedelta(milliseconds=200)
SWEEP = timedelta(seconds=2)
COMMIT = timedelta(seconds=5)
FORGET = timedelta(minutes=10)
# Rows left unsent for this long belong to an instance that died between its commit and its sending.
UNSENT = timedelta(seconds=5)
SENT_KEPT = timedelta(days=1)
INBOX_KEPT = timedelta(days=30)

# Deadlock, serialisation failure, lock timeout: nobody's fault, the batch is tried again.
RETRYABLE = {"40P01", "40001", "55P03"}

log = structlog.get_logger()


Decoded: TypeAlias = tuple[Message, Event | Undecodable]


class Batch(NamedTuple):
    """What was read in one go, and in which turn."""

    turn: int
    decoded: Sequence[Decoded]


class Handler:
    """A stateful service: what it reads, and what it does with it."""

    group: str
    topics: tuple[str, ...]
    keep: ClassVar[Keep] = NOTHING  # fields, by record, of which events hold the bytes: to be passed on as they are
    linger: float = 0.06  # seconds to let a batch gather while there is load; at rest nothing waits

    async def apply(self, tx: Transaction, events: Sequence[Event]) -> None:
        """Take in events; each is given once in effect. Raising means a bug: the culprit is quarantined."""
        raise NotImplementedError

    def subject(self, event: Event) -> str:
        """What is quarantined when applying the event raises: its execution, or else its person."""
        return event.correlation or event.key

    async def tick(self, tx: Transaction) -> bool:
        """Do what time alone asks for; true where there may be more."""
        return False

    async def beside(self, engine: AsyncEngine, stopping: asyncio.Event) -> None:
        """Do what goes on beside the batches, until told to stop; raising ends the process."""


class StatefulConsumer:
    """One instance of a stateful service."""

    def __init__(
        self,
        handler: Handler,
        broker: Broker,
        engine: AsyncEngine,
        clock: Clock = system_clock,
        tracing: "Tracing | None" = None,
    ) -> None:
        self.handler = handler
        self._tracing = tracing
        self.engine = engine
        self.clock = clock
        self.ready = False
        self._broker = broker
        self._consumer = broker.consumer(handler.group, handler.topics)
        self.progress = Progress(handler.group, self._consumer.ends)
        self._producer = broker.producer()
        self._decoder = Decoder(handler.keep)
        self._positions: dict[Partition, int] = {}
        self._one_at_a_time = asyncio.Lock()
        self._turn = 0  # counts the times that reading began anew somewhere
        self._due: dict[str, datetime] = {}
        self._sending: asyncio.Task[None] | None = None
        self._sent: list[int] = []  # rows of the outbox that are sent but not noted as such

    async def start(self) -> None:
        await self._producer.start()
        await self._consumer.start(self._assigned)

    async def stop(self) -> None:
        try:
            await self._consumer.stop()
            await self._all_sent()
            await self._note_sent()
        except (DBAPIError, OSError, KafkaError) as error:  # perhaps what ended us; what is unsent is swept later
            log.warning("unsent", group=self.handler.group, reason=told(error))
        finally:
            await self._producer.stop()

    async def run(self, stopping: asyncio.Event) -> None:
        """Take batches until told to stop; whatever it raises means that the process must end."""
        await self.start()
        reading = asyncio.create_task(self._read(TICK.total_seconds()))
        try:
            while not stopping.is_set():
                self.progress.begin()
                batch = await reading
                busy = BUSY <= len(batch.decoded) < BATCH // 2
                # While this batch is in the database the next one is read.
                reading = asyncio.create_task(self._read(TICK.total_seconds(), self.handler.linger if busy else 0))
                await self._work(batch)
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
            await self.stop()

    async def run_once(self, wait: float = 0.0) -> int:
        """Take one batch and do what is due, all of it sent; returns how much was done."""
        done = await self._work(await self._read(wait))
        await self._all_sent()
        return done

    async def _read(self, wait: float, linger: float = 0.0) -> Batch:
        await asyncio.sleep(linger)
        messages = await self._consumer.poll(BATCH, wait)
        turn = self._turn
        return Batch(turn, await self._decoder.decode(messages))

    async def _work(self, batch: Batch) -> int:
        async with self._one_at_a_time:
            if batch.turn != self._turn:
                return 0  # since then we went back: all of it is read again
            if batch.decoded:
                await self._take(batch.decoded)
            else:
                await self._note_sent()
            done = len(batch.decoded) + await self._tick()
            await self._sweep()
        return done

    async def _assigned(self, partitions: Sequence[Partition]) -> Mapping[Partition, int]:
        async with self._one_at_a_time:
            self._positions = await self._stored(partitions)
            self.progress.moved({one: Position(offset, None) for one, offset in self._positions.items()})
            self._turn += 1
            self.ready = True
            return dict(self._positions)

    async def _stored(self, partitions: Sequence[Partition]) -> dict[Partition, int]:
        if not partitions:
            return {}
        ends = await self._broker.ends(sorted({one.topic for one in partitions}))
        async with self.engine.begin() as connection:
            await positions.ensure(connection, self.handler.group, {one: ends[one][0] for one in partitions})
            stored = await positions.read(connection, self.handler.group, partitions)
        for partition, position in stored.items():
            await check_log(self._broker, self.handler.group, partition, position, ends[partition])
        return {one: max(position.next_offset, ends[one][0]) for one, position in stored.items()} | {
            one: ends[one][0] for one in partitions if one not in stored
        }

    async def _take(self, read: Sequence[Decoded]) -> None:
        decoded = [
            (m, result)
            for m, result in read
            if m.offset >= self._positions.get(Partition(m.topic, m.partition), m.offset + 1)
        ]
        mine = [message for message, _ in decoded]
        if not mine:
            return
        log.debug("batch.taken", group=self.handler.group, events=len(mine))
        try:
            try:
                written = await self._in_one_transaction(mine, decoded, singly=False)
            except Exception as error:
                if not is_bug(error):
                    raise
                log.warning("batch.raised", group=self.handler.group, error=where(error), events=len(mine))
                metrics.RETRIES.labels(self.handler.group, "raised").inc()
                written = await self._in_one_transaction(mine, decoded, singly=True)
        except positions.Superseded:
            log.warning("batch.superseded", group=self.handler.group, events=len(mine))
            metrics.RETRIES.labels(self.handler.group, "superseded").inc()
            await self._go_back(mine)
        except DBAPIError as error:
            if _sqlstate(error) not in RETRYABLE:
                raise
            log.warning("batch.retried", group=self.handler.group, sqlstate=_sqlstate(error))
            metrics.RETRIES.labels(self.handler.group, "database").inc()
            await self._go_back(mine)
        else:
            await self._send(*written)

    async def _go_back(self, messages: Sequence[Message]) -> None:
        """Drop a batch, and what was read after it: go on where the stored positions are, in what is still ours."""
        mine = self._consumer.assignment()
        stored = await self._stored([one for one in positions.after(messages) if one in mine])
        self._positions.update(stored)
        for partition, offset in self._positions.items():
            if partition in self._consumer.assignment():
                self._consumer.seek(partition, offset)
        self._turn += 1

    async def _in_one_transaction(
        self, messages: Sequence[Message], decoded: Sequence[Decoded], *, singly: bool
    ) -> tuple[list[int], list[Message]]:
        """Returns what is to be sent now, with its rows in the outbox."""
        after = positions.after(messages)
        now, began = self.clock(), time.monotonic()
        async with self.engine.begin() as connection:
            quarantined = await positions.advance(connection, self.handler.group, self._positions, after)
            noted = await self._mark(connection)
            tx = Transaction(connection, self.handler.group, now)
            events = await self._fresh(tx, decoded)
            if singly or quarantined:
                await self._apply_singly(tx, events, quarantined)
            elif events:
                await self.handler.apply(tx, events)
            await inbox.give_back(connection, self.handler.group, tx.refused)
            rows = await outbox.write(connection, tx.outgoing, now)
        self._positions.update({one: position.next_offset for one, position in after.items()})
        del self._sent[:noted]
        self.progress.moved(after)
        bad = [result for _, result in decoded if isinstance(result, Undecodable)]
        metrics.refused(self.handler.group, bad)
        repeats = len(decoded) - len(bad) - len(events)
        seconds = time.monotonic() - began
        metrics.taken(self.handler.group, events, repeats, seconds, now)
        if self._tracing is not None:
            self._tracing.taken(self.handler.group, events, time.time_ns() - int(seconds * 1e9))
        return rows, tx.outgoing

    async def _fresh(self, tx: Transaction, decoded: Sequence[Decoded]) -> list[Event]:
        """The events that were not taken before; what is no event goes to the dead letters."""
        events = []
        for message, result in decoded:
            if isinstance(result, Undecodable):
                self.on_undecodable(tx, message, result)
            elif (result.source, result.id) not in tx.originals:
                tx.originals[result.source, result.id] = message
                events.append(result)
        taken = await inbox.take(tx.connection, self.handler.group, events, tx.now) if events else set()
        return [event for event in events if (event.source, event.id) in taken]

    def on_undecodable(self, tx: Transaction, message: Message, problem: Undecodable) -> None:
        """Keep a bad record with its original bytes."""
        log.warning("record.refused", group=self.handler.group, reason=problem.reason, **about_message(message))
        tx.outgoing.append(dead_letter(self.handler.group, message, problem, tx.now))

    async def _apply_singly(self, tx: Transaction, events: Sequence[Event], quarantined: set[str]) -> None:
        """One event at a time: the one that raises is quarantined with those that follow for the same subject."""
        for event in events:
            subject, error = self.handler.subject(event), None
            if subject not in quarantined:
                error = await self._attempt(tx, event)
                if error is None:
                    continue
                quarantined.add(subject)
                metrics.QUARANTINES.labels(self.handler.group).inc()
                log.error("subject.quarantined", group=self.handler.group, subject=subject, **about(event))
            message = tx.originals[event.source, event.id]
            await held.hold(tx.connection, self.handler.group, subject, message, tx.now, error=error)

    async def _attempt(self, tx: Transaction, event: Event) -> str | None:
        """Apply one event so that a failure leaves no trace; returns the error."""
        before, refused = len(tx.outgoing), len(tx.refused)
        try:
            async with tx.connection.begin_nested():
                await self.handler.apply(tx, [event])
        except Exception as error:
            if not is_bug(error):
                raise
            del tx.outgoing[before:], tx.refused[refused:]
            log.error("event.raised", group=self.handler.group, error=where(error), **about(event))
            return f"{type(error).__name__}: {error}"
        return None

    async def _tick(self) -> int:
        if not self._is_due("tick", TICK) or not self.ready:
            return 0
        async with self.engine.begin() as connection:
            tx = Transaction(connection, self.handler.group, self.clock())
            more = await self.handler.tick(tx)
            rows = await outbox.write(connection, tx.outgoing, tx.now)
        if more:
            self._due.pop("tick")
        await self._send(rows, tx.outgoing)
        return len(tx.outgoing) or int(more)

    async def _sweep(self) -> None:
        if not self._is_due("sweep", SWEEP):
            return
        await self._apply_released()
        now = self.clock()
        async with self.engine.begin() as connection:
            rows, messages = await outbox.unsent(connection, now - UNSENT, BATCH)
            if messages:
                await self._producer.send(messages)
                await outbox.mark_sent(connection, rows)
            if self._is_due("forget", FORGET):
                await outbox.forget_sent(connection, now - SENT_KEPT)
                await inbox.forget(connection, self.handler.group, now - INBOX_KEPT)
        if self._is_due("commit", COMMIT) and self._positions:
            await self._consumer.commit(self._positions)

    async def _apply_released(self) -> None:
        """Apply what an operator released, in its order; what still raises stays held."""
        async with self.engine.begin() as connection:
            tx = Transaction(connection, self.handler.group, self.clock())
            stuck: set[str] = set()
            for one in await held.released(connection, self.handler.group):
                if one.subject not in stuck and not await self._apply_held(tx, one):
                    stuck.add(one.subject)
            await inbox.give_back(connection, self.handler.group, tx.refused)
            rows = await outbox.write(connection, tx.outgoing, tx.now)
        await self._send(rows, tx.outgoing)

    async def _apply_held(self, tx: Transaction, one: held.Held) -> bool:
        ((message, result),) = await self._decoder.decode([one.message])
        if isinstance(result, Undecodable):
            error: str | None = str(result)
        elif one.subject.startswith(held.REPLAY) and not await inbox.take(
            tx.connection, self.handler.group, [result], tx.now
        ):
            error = None
        else:
            tx.originals[result.source, result.id] = message
            error = await self._attempt(tx, result)
        if error is None:
            await held.drop(tx.connection, one)
            return True
        await held.failed_again(tx.connection, self.handler.group, one, error)
        return False

    async def _send(self, rows: Sequence[int], messages: Sequence[Message]) -> None:
        """Publish what a transaction wrote, while the next one goes on; rows not sent here are swept later."""
        if messages:
            await self._all_sent()
            self._sending = asyncio.create_task(self._send_now(rows, messages))

    async def _send_now(self, rows: Sequence[int], messages: Sequence[Message]) -> None:
        await self._producer.send(messages)
        self._sent += rows

    async def _all_sent(self) -> None:
        """What is being sent is with the broker; raises what kept it from there."""
        if self._sending is not None:
            sending, self._sending = self._sending, None
            await sending

    async def _mark(self, connection: AsyncConnection) -> int:
        """Note within a transaction what was sent; returns how many, to be forgotten once it is committed."""
        noted = list(self._sent)  # more may be sent while this is noted
        await outbox.mark_sent(connection, noted)
        return len(noted)

    async def _note_sent(self) -> None:
        """At rest no next transaction may come for long."""
        if self._sending is not None and self._sending.done():
            await self._all_sent()
        if self._sent:
            async with self.engine.begin() as connection:
                noted = await self._mark(connection)
            del self._sent[:noted]

    def _is_due(self, what: str, every: timedelta) -> bool:
        now = self.clock()
        if what in self._due and now < self._due[what]:
            return False
        self._due[what] = now + every
        return True


def is_bug(error: BaseException) -> bool:
    """Whether an exception is the code's fault for one event, rather than the database's or the broker's."""
    if isinstance(error, (positions.Superseded, KafkaError, OSError, InterfaceError)):
        return False
    if isinstance(error, DBAPIError):
        state = _sqlstate(error) or ""
        return not (error.connection_invalidated or state in RETRYABLE or state[:2] in {"08", "25", "53", "57", "58"})
    return True


def told(error: BaseException) -> str:
    """A failure as the log has it: what ours, the broker's and the system's say of themselves, else type and place."""
    if isinstance(error, (LogChanged, TooMuchGarbage, KafkaError, OSError)):
        return f"{type(error).__name__}: {error}"
    state = _sqlstate(error) if isinstance(error, DBAPIError) else None
    return where(error) + (f", SQLSTATE {state}" if state else "")


def _sqlstate(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)
