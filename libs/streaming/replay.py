"""Dead letters and held events: listed, and given back to the group that refused them, under the same ids."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncEngine

from libs.events.catalogue import checks, dead_letter_topic
from libs.events.codec import decode
from libs.events.message import Message, Partition, derived_id
from libs.events.models import DeadLetter
from libs.store import held
from libs.streaming.dead_letters import original
from libs.streaming.ports import Broker, system_clock

# Checks that keep state have an inbox and a table of held events, as every stateful service has.
STATEFUL_CHECKS = frozenset({"duplicates", "monitoring", "review"})


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter and its number on the group's topic."""

    number: int
    content: DeadLetter


def keeps_state(group: str) -> bool:
    """Whether a group has a database of its own, rather than being an agent."""
    return group not in checks() or group in STATEFUL_CHECKS


async def numbers(broker: Broker, groups: Sequence[str]) -> dict[str, range]:
    """The numbers of the dead letters of groups, replayed ones included."""
    ends = await broker.ends([dead_letter_topic(group) for group in groups])
    return {group: range(*ends[Partition(dead_letter_topic(group), 0)]) for group in groups}


async def letters(broker: Broker, group: str, among: range | None = None) -> list[Letter]:
    """The dead letters of a group, oldest first; all, or those with these numbers."""
    partition = Partition(dead_letter_topic(group), 0)
    there = (await numbers(broker, [group]))[group]
    start = there.start if among is None else max(there.start, among.start)
    end = there.stop if among is None else min(there.stop, among.stop)
    found = []
    for message in await broker.read(partition, start, end) if start < end else []:
        content = decode(message).data
        assert isinstance(content, DeadLetter)
        found.append(Letter(message.offset, content))
    return found


async def replay(broker: Broker, engine: AsyncEngine | None, chosen: Sequence[Letter]) -> int:
    """Give letters back to their group: through its table of held events, or, for an agent, on its own topic."""
    messages = [_with_id(original(letter.content)) for letter in chosen]
    if engine is None:
        producer = broker.producer()
        await producer.start()
        await producer.send(messages)
        await producer.stop()
        return len(messages)
    async with engine.begin() as connection:
        for letter, message in zip(chosen, messages, strict=True):
            where = f"{held.REPLAY}{message.topic}/{message.partition}/{message.offset}"
            await held.hold(connection, letter.content.group, where, message, system_clock(), released=True)
    return len(messages)


def _with_id(message: Message) -> Message:
    """The record with the id that it had where it lay first, should it have come without one."""
    if any(name == "ce_id" for name, _ in message.headers):
        return message
    at = derived_id(f"{message.topic}/{message.partition}/{message.offset}")
    return replace(message, headers=(*message.headers, ("ce_id", at.encode())))
