"""Commands for operators: the versions of workflows, which of them new executions run, and moving those that run.

A workflow is named as WORKFLOW or SERVICE/WORKFLOW. The database comes from DATABASE_URL.
"""

import argparse
import sys
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from libs.asl import NotMigrated
from libs.store.engine import connect
from libs.streaming.ports import Clock, system_clock
from libs.streaming.settings import Settings
from services.orchestration import migrating, versions
from services.orchestration.versions import Version


class Unusable(ValueError):
    """What was asked names nothing that there is."""


def arguments() -> argparse.ArgumentParser:
    """What the commands take."""
    parser = argparse.ArgumentParser(prog="python -m services.orchestration", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    listed = _command(commands, "versions", "list versions: number, definition, since when, executions, aliases")
    listed.add_argument("workflow", nargs="?", metavar="WORKFLOW")
    alias = _command(commands, "alias", 'point an alias at a version; "live" is what new executions run')
    alias.add_argument("workflow", metavar="WORKFLOW")
    alias.add_argument("name", metavar="NAME")
    alias.add_argument("version", metavar="VERSION", type=int)
    alias.add_argument("--also", metavar="VERSION", type=int, help="a second version")
    alias.add_argument("--percent", metavar="N", type=int, help="so many of 100 new executions run the second one")
    moved = _command(commands, "migrate", "have running executions go on in another version of their workflow")
    moved.add_argument("executions", nargs="*", metavar="EXECUTION")
    moved.add_argument("--workflow", metavar="WORKFLOW", help="with --from")
    moved.add_argument("--from", metavar="VERSION", type=int, dest="before", help="all that run this version")
    moved.add_argument("--to", metavar="VERSION", type=int, required=True)
    moved.add_argument(
        "--map", metavar="OLD=NEW", action="append", default=[], type=_pair, dest="states", help="a state's new name"
    )
    moved.add_argument("--dry-run", action="store_true", help="only say what would come of it")
    return parser


async def run(asked: argparse.Namespace, settings: Settings, clock: Clock = system_clock) -> int:
    """Do what was asked; the exit code."""
    if not settings.database_url:
        return _say("DATABASE_URL must name the database of orchestration")
    engine = connect(settings.database_url)
    try:
        if asked.command == "migrate":
            return await _migrate(asked, engine, clock)
        async with engine.begin() as connection:
            return await (_versions if asked.command == "versions" else _alias)(asked, connection)
    except Unusable as error:
        return _say(str(error))
    finally:
        await engine.dispose()


async def _versions(asked: argparse.Namespace, connection: AsyncConnection) -> int:
    found = await versions.listed(connection)
    if asked.workflow:
        found = _of(found, asked.workflow)
    for workflow in dict.fromkeys(one.workflow for one in found):
        print(workflow)
        for one in found:
            if one.workflow == workflow:
                print(f"  {_line(one)}")
    return 0


async def _alias(asked: argparse.Namespace, connection: AsyncConnection) -> int:
    if not asked.name or asked.name.isdecimal() or ":" in asked.name:
        raise Unusable(f'"{asked.name}" can name no alias: it is no number and has no ":"')
    if (asked.also is None) != (asked.percent is None) or not 0 <= (asked.percent or 0) <= 100:
        raise Unusable("--also VERSION goes with --percent N, 0 to 100")
    found = _of(await versions.listed(connection), asked.workflow)
    other = None if asked.also is None else _numbered(found, asked.also)
    await versions.point(connection, asked.name, _numbered(found, asked.version), other, asked.percent)
    return 0


async def _migrate(asked: argparse.Namespace, engine: AsyncEngine, clock: Clock) -> int:
    """Each execution in a transaction of its own: one that cannot be moved keeps no other."""
    async with engine.connect() as connection:
        chosen = await _chosen(asked, connection)
    refused = 0
    for key, to in chosen.items():
        try:
            async with engine.begin() as connection:
                await migrating.move(connection, key, to, dict(asked.states), clock(), dry=asked.dry_run)
        except NotMigrated as error:
            refused += 1
            for problem in error.problems:
                print(f"{key[1]}  refused: {problem}")
        else:
            print(f"{key[1]}  {'would go on' if asked.dry_run else 'goes on'} in version {to.number}")
    print(f"{len(chosen) - refused} of {len(chosen)} executions")
    return 1 if refused else 0


async def _chosen(asked: argparse.Namespace, connection: AsyncConnection) -> dict[migrating.Key, Version]:
    """The executions that are meant, each with its new version."""
    if bool(asked.executions) == (asked.before is not None) or (asked.before is None) != (asked.workflow is None):
        raise Unusable("migrate wants EXECUTION…, or --workflow WORKFLOW --from VERSION")
    found = await versions.listed(connection)
    if asked.before is not None:
        mine = _of(found, asked.workflow)
        keys = await migrating.running(connection, _numbered(mine, asked.before))
        return dict.fromkeys(keys, _numbered(mine, asked.to))
    known = await migrating.named(connection, asked.executions)
    if missing := set(asked.executions) - {execution for _, execution in known}:
        raise Unusable(f"there is no execution {', '.join(sorted(missing))}")
    return {key: _numbered(_with(found, key, definition), asked.to) for key, definition in known.items()}


def _with(found: Sequence[Version], key: migrating.Key, definition: str) -> list[Version]:
    """The versions of the workflow that an execution runs."""
    workflows = {one.workflow for one in found if one.definition_hash == definition}
    if len(workflows) != 1:
        named = " and ".join(sorted(workflows)) or "no workflow"
        raise Unusable(f"the definition of execution {key[1]} is that of {named}: name it, with --from")
    return [one for one in found if one.workflow in workflows]


def _of(found: Sequence[Version], workflow: str) -> list[Version]:
    mine = [one for one in found if workflow in (one.workflow, one.workflow_name)]
    names = sorted({one.workflow for one in mine})
    if len(names) != 1:
        there = ", ".join(names or sorted({one.workflow for one in found}))
        raise Unusable(f"{'more than one' if names else 'no'} workflow goes by {workflow}: there are {there}")
    return mine


def _numbered(found: Sequence[Version], number: int) -> Version:
    one = next((one for one in found if one.number == number), None)
    if one is None:
        raise Unusable(f"{found[0].workflow} has no version {number}: it has 1 to {found[-1].number}")
    return one


def _line(one: Version) -> str:
    since = f"{one.published_at:%Y-%m-%dT%H:%M:%SZ}"
    names = ", ".join([*one.aliases, *(["newest"] if one.newest else [])])
    line = f"{one.number:<4}{one.definition_hash[:12]}  {since}  {one.open:6} open  {one.ended:6} ended  {names}"
    return line.rstrip()


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, does: str
) -> argparse.ArgumentParser:
    return commands.add_parser(name, help=does, description=does)


def _pair(text: str) -> tuple[str, str]:
    old, equals, new = text.partition("=")
    if not (old and equals and new):
        raise argparse.ArgumentTypeError(f'"{text}" is not OLD=NEW')
    return old, new


def _say(line: str) -> int:
    print(line, file=sys.stderr)
    return 1
