"""The sample as files in a folder: what the services read of it, and the applications with what they come to."""

import asyncio
import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from libs.blobs.directory import Directory
from libs.blobs.port import STATEMENTS
from libs.embedded.applications.case import Applied, Case

REGISTERS = {"companies": "companies.jsonl", "persons": "persons.jsonl", "reports": "reports.jsonl"}
APPLICATIONS, LOANS = "applications.jsonl", "loans.csv"
COLUMNS = (
    *("loanId", "party", "status", "currency", "outstanding", "instalment", "overdue", "daysLate", "worstDaysLate"),
    *("openedOn", "closedOn"),
)


def write(cases: Sequence[Case], folder: Path, blobs: Path) -> None:
    """Write everything: registers and loans, the applications a line each, and their files by name into `blobs`."""
    folder.mkdir(parents=True, exist_ok=True)
    write_known(cases, folder)
    _lines(folder / APPLICATIONS, (case.applied.model_dump(mode="json", exclude_none=True) for case in cases))
    asyncio.run(put(cases, blobs))


def write_known(cases: Sequence[Case], folder: Path) -> None:
    """What others know of the applicants: registers, a bureau, the book of loans."""
    for kind, name in REGISTERS.items():
        _lines(folder / name, (one for case in cases for one in getattr(case.known, kind)))
    with (folder / LOANS).open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, COLUMNS)
        table.writeheader()
        table.writerows(loan for case in cases for loan in case.known.loans)


def read(folder: Path) -> list[Applied]:
    """The applications that were written."""
    lines = (folder / APPLICATIONS).read_text(encoding="utf-8").splitlines()
    return [Applied.model_validate_json(line) for line in lines]


def _lines(path: Path, records: Iterable[Any]) -> None:
    path.write_text("".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in records), encoding="utf-8")


async def put(cases: Iterable[Case], folder: Path) -> None:
    """Keep the files of applications in a store."""
    blobs = Directory(folder)
    for case in cases:
        for content in case.files.values():
            await blobs.put(content, STATEMENTS)
