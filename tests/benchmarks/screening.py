"""What a screening costs, in CPU and in memory, against the list that ships; prints one line of JSON."""

import json
import random
import time
from collections.abc import Sequence
from typing import Any

import psutil

from libs.events.models import CheckRequested, DateOfBirth, Individual, Name, Task
from libs.screening.files import fetch
from libs.screening.index import Index
from libs.screening.matching import matcher, warm_up
from libs.screening.watchlist import read
from services.aml.publish import published
from services.aml.rules import screen

SCREENINGS = 2_000
# One in so many is a listed person; the others are made of parts of listed names, which is harder than innocents are.
LISTED = 20
# One in so many has no date of birth, so that only the name decides.
WITHOUT_DATE = 3
SEED = 7


def requests(index: Index, number: int) -> list[CheckRequested]:
    """Persons whose names look like those of the list, most of them with a date of birth."""
    random_ = random.Random(SEED)
    entries = index.watchlist.entries
    made = []
    for count in range(number):
        one, other = random_.sample(entries, 2)
        name = one.name if count % LISTED == 0 else f"{one.name.split(' ')[0]} {other.name.split(' ')[-1]}"
        *given, family = name.split(" ")
        born = f"{random_.randint(1940, 2005)}-05-17"
        individual = Individual(
            name=Name(givenName=" ".join(given) or None, familyName=family),
            dateOfBirth=DateOfBirth(normalized=born) if count % WITHOUT_DATE else None,
        )
        made.append(CheckRequested(task=_task(str(count)), individual=individual))
    return made


def _task(name: str) -> Task:
    return Task(
        token=name, customerId="c", entityId=name, workflowExecutionId=name, requestId=name, stepName="Screening"
    )


def run(screenings: int = SCREENINGS) -> dict[str, Any]:
    """Load the list and screen; CPU milliseconds of one core, megabytes of the process."""
    started = time.perf_counter()
    config = matcher()
    shipped = published()
    lists = [Index(read(fetch(shipped.uri), shipped.id, shipped.version, shipped.sha256))]
    warm_up(lists[0], config)
    loaded = time.perf_counter() - started
    asked = requests(lists[0], screenings)
    now = shipped.publishedAt
    costs: list[float] = []
    hits = 0
    for request in asked:
        begin = time.process_time()
        hits += screen(request, lists, config, now).outcome.counts["totalHits"]
        costs.append((time.process_time() - begin) * 1000)
    return {
        "entries": len(lists[0].watchlist.entries),
        "screenings": screenings,
        "hits": hits,
        "cpu_ms_mean": round(sum(costs) / len(costs), 2),
        "cpu_ms_p50": _quantile(costs, 0.5),
        "cpu_ms_p99": _quantile(costs, 0.99),
        "load_seconds": round(loaded, 1),
        "memory_mb": psutil.Process().memory_info().rss // 1_000_000,
    }


def _quantile(values: Sequence[float], share: float) -> float:
    return round(sorted(values)[int(share * (len(values) - 1))], 2)


if __name__ == "__main__":
    print(json.dumps(run()))
