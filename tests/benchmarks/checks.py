"""What checks cost: how many a second on one core, and its time for one. A check joins by a line in `CHECKS`."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from libs.events.models import CheckRequested, Individual, Task
from libs.streaming.check import Check
from services.kyc import agent as kyc
from services.kyc.population import population
from tests.benchmarks.system import percentile

NOW = datetime(2026, 1, 1, tzinfo=UTC)
# Asked before the clock runs, so that what is made once is made.
WARM = 300

Prepared = tuple[Check, Iterable[CheckRequested]]


def request(individual: Individual, entity: str, **fields: Any) -> CheckRequested:
    """A workflow asks about a person."""
    task = Task(
        token=entity,
        customerId="bench",
        entityId=entity,
        workflowExecutionId=entity,
        requestId=entity,
        stepName="Check",
    )
    return CheckRequested(task=task, individual=individual, **fields)


def identity() -> Prepared:
    """Everybody of the register, each once, by the default rules."""
    return kyc.check(), [request(one.individual, str(one.number)) for one in population()]


CHECKS: dict[str, Callable[[], Prepared]] = {"kyc": identity}


def run() -> dict[str, Any]:
    """The figures of each check; a request waits for none before it."""
    return {name: asyncio.run(_figures(*prepare())) for name, prepare in CHECKS.items()}


async def _figures(check: Check, requests: Iterable[CheckRequested]) -> dict[str, Any]:
    asked = list(requests)
    for one in asked[:WARM]:
        await check.answer(one, NOW)
    taken, results = [], Counter[str]()
    begun = time.process_time()
    for one in asked[WARM:]:
        since = time.process_time()
        answered = await check.answer(one, NOW)
        taken.append((time.process_time() - since) * 1000)
        results[answered.outcome.result.value] += 1
    seconds = time.process_time() - begun
    return {
        "per_second": round(len(taken) / seconds),
        "cpu_ms_p50": round(percentile(taken, 0.5), 3),
        "cpu_ms_p99": round(percentile(taken, 0.99), 3),
        "checks": len(taken),
        "results": dict(sorted(results.items())),
    }
