"""Commands for auditors and compliance officers: `python -m libs.audit replay|evidence|diff`.

They read the system whose projection DATABASE_URL and whose broker KAFKA_BOOTSTRAP name; without these that of
`make run`, whether it runs or has been stopped. They change nothing.
"""

import argparse
import asyncio
import importlib
import json
import logging
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from libs.asl.draft import TaskToken
from libs.asl.step import plain_token
from libs.audit import projection
from libs.audit.case import Case, NoCase
from libs.audit.document import document
from libs.audit.finding import cases, find
from libs.audit.flips import Changed, Flip, outcomes
from libs.audit.following import NotRepeatable
from libs.audit.page import page
from libs.audit.parts import Parts
from libs.audit.replaying import replay
from libs.audit.topics import machine_of
from libs.embedded.errors import EmbeddedError
from libs.embedded.reaching import reach
from libs.setup import database_url
from libs.store.engine import connect
from libs.streaming.kafka import KafkaBroker
from libs.streaming.logs import log_to_stderr
from libs.streaming.ports import Broker, system_clock
from libs.streaming.settings import Settings

PROJECTION, ORCHESTRATION = "results", "orchestration"
LATEST = 10
MONTH = timedelta(days=30)
# So many cases are held at a time.
BATCH = 2_000


class Unusable(ValueError):
    """What was asked cannot be understood."""


@dataclass(frozen=True, slots=True)
class Reached:
    """The system that is read: projection and broker, and where it is known orchestration's database."""

    engine: AsyncEngine
    broker: Broker
    task_token: TaskToken
    definitions: AsyncEngine | None = None


def arguments() -> argparse.ArgumentParser:
    """What the commands take."""
    parser = argparse.ArgumentParser(prog="python -m libs.audit", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    again = commands.add_parser("replay", help="run an execution again: identical, or what has changed since")
    file = commands.add_parser("evidence", help="write the case file of an execution, as HTML and JSON")
    file.add_argument("--out", type=Path, default=Path("evidence"), help="folder to write to")
    for one in (again, file):
        one.add_argument("execution", nargs="?", metavar="EXECUTION")
        one.add_argument("--definition", type=Path, help="the workflow's definition, where its topic has it no more")
    flips = commands.add_parser("diff", help="who would be decided otherwise under a changed policy, and why")
    flips.add_argument("--policy", action="append", default=[], type=_document, metavar="[NAME=]FILE")
    flips.add_argument("--profile", action="append", default=[], type=_document, metavar="[NAME=]FILE")
    flips.add_argument(
        "--rule-sets", type=_document, metavar="FILE", help="of kyc, by what matched at its sources then"
    )
    flips.add_argument(
        "--since", type=_day, metavar="DAY", help="of executions that began from this day on; else a month"
    )
    flips.add_argument("--until", type=_day, metavar="DAY", help="and before this day; else up to now")
    flips.add_argument(
        "--jsonl", action="store_true", help="a line of JSON for each flip, the summary on standard error"
    )
    for one in (again, file, flips):
        one.add_argument("--data", type=Path, default=Path(".vetstream"), help="folder of `make run`")
    return parser


async def run(asked: argparse.Namespace, reached: Reached) -> int:
    """Do what was asked; the exit code: 0 all is well, 1 there is a difference, 2 not understood."""
    if asked.command == "diff":
        return await _diff(asked, reached)
    if not asked.execution:
        return await _name_one(asked.command, reached)
    case = await _with_definition(await find(reached.engine, reached.broker, asked.execution), reached)
    if asked.definition:
        case = replace(case, definition=json.loads(asked.definition.read_text()))
        machine_of(case)
    return _evidence(case, asked.out) if asked.command == "evidence" else await _replay(case, reached)


async def _replay(case: Case, reached: Reached) -> int:
    if case.execution["ended_at"] is None:
        raise NoCase(f"execution {case.id} has not ended yet")
    verdict = await replay(case, machine_of(case), Parts(reached.broker), reached.task_token)
    print("\n".join(verdict.lines))
    return 0 if verdict.first is None else 1


def _evidence(case: Case, folder: Path) -> int:
    told = document(case, system_clock())
    folder.mkdir(parents=True, exist_ok=True)
    written = folder / f"{case.id}.html", folder / f"{case.id}.json"
    written[0].write_text(page(told), encoding="utf-8")
    written[1].write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print("\n".join(map(str, written)))
    return 0


async def _diff(asked: argparse.Namespace, reached: Reached) -> int:
    since, until = period(asked.since, asked.until, system_clock())
    changed = _changed(dict(asked.policy), dict(asked.profile), asked.rule_sets)
    executions = await projection.decided_in(reached.engine, since, until)
    parts, counts, untold = Parts(reached.broker), Counter[str](), 0
    for begin in range(0, len(executions), BATCH):
        for id, case in await cases(reached.broker, executions[begin : begin + BATCH]):
            try:
                flip = await _flip(case, reached, parts, changed)
            except (NotRepeatable, NoCase) as reason:
                untold += 1
                print(f"cannot be told: {id}: {reason}", file=sys.stderr)
                continue
            if flip.before.status != flip.after.status:
                counts[f"{flip.before.status} → {flip.after.status}"] += 1
                print(flip.json if asked.jsonl else flip.line)
    when = f"from {since:%Y-%m-%d %H:%M} to {until:%Y-%m-%d %H:%M} UTC"
    flips = ", ".join(f"{what} {count}" for what, count in counts.most_common()) or "nobody flips"
    more = f"; {untold} cannot be told" if untold else ""
    print(f"{len(executions)} executions {when}: {flips}{more}", file=sys.stderr if asked.jsonl else sys.stdout)
    return 0


async def _flip(case: Case | NoCase, reached: Reached, parts: Parts, changed: Changed) -> Flip:
    if isinstance(case, NoCase):
        raise case
    case = await _with_definition(case, reached)
    return await outcomes(case, parts.machine(case), parts, changed)


async def _with_definition(case: Case, reached: Reached) -> Case:
    """A definition that its topic has no more is still in orchestration's database, where that is known."""
    if case.definition is not None or reached.definitions is None:
        return case
    return replace(case, definition=await projection.definition(reached.definitions, case.definition_hash))


def _changed(policies: dict[str, str], profiles: dict[str, str], rule_sets: tuple[str, str] | None) -> Changed:
    """What answers otherwise; raises ValueError with the place of what is wrong in a document."""
    if not (policies or profiles or rule_sets):
        raise Unusable("name what is changed: --policy FILE, --profile FILE, --rule-sets FILE")
    decision, risk, kyc = (_agent(name) for name in ("decision", "risk", "kyc"))
    for kind, given, known in (("policy", policies, decision.load()), ("profile", profiles, risk.load_profiles())):
        if unknown := sorted(given.keys() - known.keys()):
            raise Unusable(f"no {kind} is called {unknown[0]}: there are {', '.join(known)}; write NAME=FILE")
    checks = {"decision": decision.check(policies), "risk": risk.check(profiles)}
    return Changed(checks, {"kyc": kyc.again(rule_sets[1])} if rule_sets else {})


def _agent(name: str) -> Any:
    return importlib.import_module(f"services.{name}.agent")


async def _name_one(command: str, reached: Reached) -> int:
    print(f"name an execution: make {command} EXECUTION=…; those that began last:", file=sys.stderr)
    for one in await projection.latest(reached.engine, LATEST):
        print(f"  {one['execution_id']}  {one['started_at']:%Y-%m-%d %H:%M:%S}  {one['status']}", file=sys.stderr)
    return 2


def period(since: datetime | None, until: datetime | None, now: datetime) -> tuple[datetime, datetime]:
    """The days asked for; by default the month up to now."""
    until = until or now
    return since or until - MONTH, until


def _day(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise argparse.ArgumentTypeError(f'"{text}" is no day: it is written 2026-01-31') from None


def _document(text: str) -> tuple[str, str]:
    """A document with the name that it takes the place of: its own, unless another is given."""
    name, equals, file = text.rpartition("=")
    path = Path(file)
    try:
        return (name if equals else path.stem), path.read_text(encoding="utf-8")
    except OSError as error:
        raise argparse.ArgumentTypeError(f"{file}: {error.strerror}") from None


@contextmanager
def _addresses(data: Path, settings: Settings) -> Iterator[tuple[str, str, str, str]]:
    """Broker, database of the projection, that of orchestration or nothing, and the secret of the task tokens."""
    if settings.database_url:
        yield settings.kafka_bootstrap, settings.database_url, "", settings.vetstream_token_key
        return
    with reach(data) as reached:
        projected, directed = (database_url(reached.database, name) for name in (PROJECTION, ORCHESTRATION))
        yield reached.bootstrap, projected, directed, reached.token_key


async def _with_system(asked: argparse.Namespace, bootstrap: str, projected: str, directed: str, key: str) -> int:
    engines = [connect(url) for url in (projected, directed) if url]
    tokens = importlib.import_module("services.orchestration.tokens").Tokens(key.encode()).make if key else plain_token
    try:
        return await run(asked, Reached(engines[0], KafkaBroker(bootstrap), tokens, *engines[1:]))
    finally:
        for engine in engines:
            await engine.dispose()


def main(given: list[str]) -> int:
    """Exit status as `run` has it; 2 also where there is no such execution or no system."""
    asked = arguments().parse_args(given)
    log_to_stderr("WARNING")
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    try:
        with _addresses(asked.data, Settings()) as addresses:
            return asyncio.run(_with_system(asked, *addresses))
    except (EmbeddedError, NoCase, NotRepeatable, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
