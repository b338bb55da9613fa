"""What a check against a customer's lists of 100,000 entries costs, and what it costs to list them from a CSV file."""

import csv
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle, pairwise
from pathlib import Path
from typing import Any

import psutil

from libs.events.codec import decode, encode
from libs.events.matchlists import list_id, published
from libs.events.models import CheckRequested, Individual, MatchlistAction, MatchlistEntryPublished, Task
from libs.matchlists.attributes import Person
from services.matchlist import rules
from services.matchlist.csv_file import Row, read
from services.matchlist.entries import Entries
from tests.benchmarks.duplicates import CUSTOMER, NOW
from tests.benchmarks.system import percentile
from tests.quality.people import people

ENTRIES, CHECKS, SEED = 100_000, 5_000, 7
HEADER = ("reference", "name", "dob", "document", "email", "phone", "expiry")


def run() -> dict[str, Any]:
    """The figures, on one core; every tenth entry has a name of one of those who are checked."""
    checked = list(people(SEED, CHECKS))
    before = psutil.Process().memory_info().rss
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "list.csv"
        _write(file)
        begun = time.process_time()
        of_list = list_id(CUSTOMER, "Bench")
        sent = [encode(published(_entry(row, of_list), "bench", NOW)) for row in read(file, of_list)]
        listed = time.process_time() - begun
    entries = Entries()
    begun = time.process_time()
    while sent:
        entries.apply(decode(sent.pop()))
    taken_in = time.process_time() - begun
    memory = psutil.Process().memory_info().rss - before
    costs, hits = [], 0
    for person in checked:
        begun = time.process_time()
        who = Person(person)
        result = rules.answer(_request(person), who, entries.candidates(CUSTOMER, who), NOW)
        costs.append((time.process_time() - begun) * 1000)
        hits += bool(result.findings)
    return {
        "entries": len(entries),
        "csv_to_messages_seconds": round(listed, 1),
        "messages_to_index_seconds": round(taken_in, 1),
        "memory_mb": round(memory / 2**20),
        "checks_per_second": round(len(costs) / sum(costs) * 1000),
        "p50_ms": round(percentile(costs, 0.5), 3),
        "p99_ms": round(percentile(costs, 0.99), 3),
        "hits": hits,
    }


def _write(file: Path) -> None:
    with file.open("w", newline="") as opened:
        rows = csv.writer(opened)
        rows.writerow(HEADER)
        rows.writerows(_rows())


def _rows() -> Iterator[tuple[str, ...]]:
    """Names alone, names with a date of birth, documents, addresses for e-mail, and phones, a fifth of each."""
    for number, (one, other) in zip(range(ENTRIES), cycle(pairwise(people(SEED, CHECKS + 1))), strict=False):
        name = f"{one.name.givenName} {(one if number % 10 == 0 else other).name.familyName}"
        born = other.dateOfBirth.normalized if other.dateOfBirth and number % 5 == 1 else ""
        told = ("", "", f"P{number:08}", f"user{number}@example.org", f"+614{number:08}")[number % 5]
        by = [told if number % 5 == place else "" for place in (2, 3, 4)]
        yield (f"case {number}", name if number % 5 < 2 else "", born, *by, "2030-12-31")


def _entry(row: Row, of_list: str) -> MatchlistEntryPublished:
    return MatchlistEntryPublished(
        customerId=CUSTOMER,
        matchlistId=of_list,
        name="Bench",
        action=MatchlistAction.REVIEW,
        entryId=row.entry,
        reference=row.reference,
        attributes=row.attributes,
        validTo=row.valid_to,
    )


def _request(person: Individual) -> CheckRequested:
    task = Task(
        token="t", customerId=CUSTOMER, entityId="e", workflowExecutionId="x", requestId="r", stepName="Matchlist"
    )
    return CheckRequested(task=task, individual=person)
