"""Commands for those who keep a customer's lists: add or remove what a CSV file has, all of it or nothing.

The file's first line names its columns: name, givenName, familyName, dob, address, document, email, phone (or any kind
of attribute of the contract), reference, reasons (apart by semicolons), expiry, and rule: EXACT, NORMALISED or FUZZY.
An entry is known again by its reference, or else by all that it matches on. The broker comes from KAFKA_BOOTSTRAP.
"""

import argparse
import sys
from collections.abc import Sequence
from datetime import datetime
from getpass import getuser
from pathlib import Path

from libs.events.codec import encode
from libs.events.matchlists import list_id, published
from libs.events.models import MatchlistAction, MatchlistEntryPublished
from libs.streaming.kafka import KafkaBroker
from libs.streaming.ports import Broker, Clock, system_clock
from libs.streaming.settings import Settings
from services.matchlist.csv_file import BadFile, Row, read

SOURCE = "matchlist.csv"
BATCH = 5_000
# So many problems are told one by one.
TOLD = 50


def arguments() -> argparse.ArgumentParser:
    """What the commands take."""
    parser = argparse.ArgumentParser(
        prog="python -m services.matchlist", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="import|remove")
    adds = commands.add_parser("import", help="list every row of the file, or change what is listed of it")
    adds.add_argument("--action", required=True, type=MatchlistAction, choices=[*MatchlistAction], help="of the list")
    removes = commands.add_parser("remove", help="no longer list the rows of the file")
    for command in (adds, removes):
        command.add_argument("file", type=Path, metavar="FILE.csv")
        command.add_argument("--list", required=True, dest="name", metavar="NAME", help="the list; made where missing")
        command.add_argument("--customer", required=True, metavar="ID", help="whose list it is")
        command.add_argument("--dry-run", action="store_true", help="only read the file")
    removes.set_defaults(action=MatchlistAction.NONE)
    return parser


async def run(asked: argparse.Namespace, broker: Broker | None = None, clock: Clock = system_clock) -> int:
    """Do what was asked; 0 done, 1 nothing done, 2 a part of it."""
    try:
        rows = read(asked.file, list_id(asked.customer, asked.name))
    except (BadFile, OSError) as error:
        problems = error.problems if isinstance(error, BadFile) else [str(error)]
        for problem in problems[:TOLD]:
            print(f"{asked.file}: {problem}", file=sys.stderr)
        print(f"{len(problems)} problems, nothing was changed", file=sys.stderr)
        return 1
    if asked.dry_run:
        print(f"{len(rows)} entries, nothing was changed")
        return 0
    now = clock()
    entries = [_entry(row, asked, now) for row in rows]
    return await _publish(broker or KafkaBroker(Settings().kafka_bootstrap), entries, now, asked)


async def _publish(
    broker: Broker, entries: Sequence[MatchlistEntryPublished], now: datetime, asked: argparse.Namespace
) -> int:
    producer, done = broker.producer(), 0
    what = "listed" if asked.command == "import" else "removed"
    try:
        await producer.start()
        while done < len(entries):
            batch = entries[done : done + BATCH]
            await producer.send([encode(published(entry, SOURCE, now)) for entry in batch])
            done += len(batch)
    except Exception as error:
        print(
            f"{done} of {len(entries)} entries were {what}, and perhaps some of the next {BATCH}; run it again, it "
            f"repeats nothing: {type(error).__name__}: {error}",
            file=sys.stderr,
        )
        return 2 if done else 1
    finally:
        await producer.stop()
    print(f'{len(entries)} entries {what} in "{asked.name}"')
    return 0


def _entry(row: Row, asked: argparse.Namespace, now: datetime) -> MatchlistEntryPublished:
    return MatchlistEntryPublished(
        customerId=asked.customer,
        matchlistId=list_id(asked.customer, asked.name),
        name=asked.name,
        action=asked.action,
        entryId=row.entry,
        reference=row.reference,
        isActive=asked.command == "import",
        attributes=row.attributes,
        reasons=row.reasons,
        validTo=row.valid_to,
        batchName=asked.file.name,
        updatedBy=getuser(),
        updatedAt=now,
    )
