"""Commands for operators: `python -m libs.streaming dlq-list|dlq-show|dlq-replay` and `… held-list|held-release`.

Brokers come from KAFKA_BOOTSTRAP, a stateful group's database from DATABASE_URL.
"""

import argparse
import asyncio
import sys

from sqlalchemy.ext.asyncio import AsyncEngine

from libs.events.catalogue import dead_letter_topic, topics
from libs.store import held
from libs.store.engine import connect
from libs.streaming.kafka import KafkaBroker
from libs.streaming.replay import keeps_state, letters, replay
from libs.streaming.settings import Settings


def arguments() -> argparse.ArgumentParser:
    """What the commands take."""
    parser = argparse.ArgumentParser(prog="python -m libs.streaming", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, does in {
        "dlq-list": "list a group's dead letters",
        "dlq-show": "show one dead letter with its bytes",
        "dlq-replay": "give dead letters back to their group, with the same ids",
        "held-list": "list what a group has quarantined and what waits behind it",
        "held-release": "let a quarantined subject go on",
    }.items():
        command = commands.add_parser(name, help=does, description=does)
        command.add_argument("--group", required=True, help="consumer group, e.g. kyc or orchestration")
        if name in ("dlq-show", "dlq-replay"):
            command.add_argument("--number", type=int, required=name == "dlq-show", help="number of one letter")
        if name == "dlq-replay":
            command.add_argument("--since", type=int, default=0, help="this letter and all later ones")
        if name == "held-release":
            command.add_argument("--subject", required=True, help="as held-list shows it")
    return parser


async def run(asked: argparse.Namespace, settings: Settings) -> int:
    """Do what was asked; the exit code."""
    if dead_letter_topic(asked.group) not in topics():
        groups = sorted(name.removeprefix("dlq.") for name in topics() if name.startswith("dlq."))
        return _say(f"no consumer group {asked.group}: there are {', '.join(groups)}")
    if not asked.command.startswith("held") and not (asked.command == "dlq-replay" and keeps_state(asked.group)):
        return await _letters(asked, KafkaBroker(settings.kafka_bootstrap), None)
    if not settings.database_url:
        return _say(f"DATABASE_URL must name the database of {asked.group}")
    engine = connect(settings.database_url)
    try:
        if asked.command.startswith("held"):
            return await _held(asked, engine)
        return await _letters(asked, KafkaBroker(settings.kafka_bootstrap), engine)
    finally:
        await engine.dispose()


async def _letters(asked: argparse.Namespace, broker: KafkaBroker, engine: AsyncEngine | None) -> int:
    found = await letters(broker, asked.group)
    if asked.command == "dlq-list":
        for letter in found:
            content = letter.content
            where = f"{content.topic}/{content.partition}/{content.offset}"
            why = f"{content.reason}  {_line(content.error)}"
            print(f"{letter.number}  {content.failedAt:%Y-%m-%dT%H:%M:%SZ}  {where}  {why}")
        print(f"{len(found)} dead letters of {asked.group}")
        return 0
    one = getattr(asked, "number", None)
    chosen = [x for x in found if (x.number == one if one is not None else x.number >= asked.since)]
    if not chosen:
        return _say(f"{asked.group} has no such dead letter; dlq-list shows them")
    if asked.command == "dlq-show":
        print(chosen[0].content.model_dump_json(indent=2, exclude={"key", "value", "headers"}))
        print(f"key    {chosen[0].content.key!r}\nvalue  {chosen[0].content.value!r}")
        for header in chosen[0].content.headers:
            print(f"header {header.key}: {header.value!r}")
        return 0
    print(f"replayed {await replay(broker, engine, chosen)} to {asked.group}")
    return 0


async def _held(asked: argparse.Namespace, engine: AsyncEngine) -> int:
    async with engine.begin() as connection:
        if asked.command == "held-release":
            count = await held.release(connection, asked.group, asked.subject)
            return _say(f"released {asked.subject}: {count} events go on" if count else "nothing is held by that name",
                        code=0 if count else 1)  # fmt: skip
        found = await held.listed(connection, asked.group)
    for one in found:
        message = one.message
        where = f"{message.topic}/{message.partition}/{message.offset}"
        print(f"{one.subject}  {one.held_at:%Y-%m-%dT%H:%M:%SZ}  {where}  {_line(one.error or 'waits behind it')}")
    print(f"{len(found)} events held for {asked.group}")
    return 0


def _line(text: str) -> str:
    """An error in one line, so that a list has a line for each entry."""
    return " ".join(text.split())


def _say(line: str, code: int = 1) -> int:
    print(line, file=sys.stderr if code else sys.stdout)
    return code


if __name__ == "__main__":
    sys.exit(asyncio.run(run(arguments().parse_args(), Settings())))
