"""What a risk assessment and a decision cost, with evidence that was seen before and with evidence that was not."""

import asyncio
import itertools
import random
import time
from collections.abc import Iterator
from typing import Any

import psutil

from libs.events.models import (
    Address,
    CheckRequested,
    Individual,
    Name,
    RiskFactorValue,
    RiskLevel,
    RiskScore,
    StepOutcome,
    StepResultCode,
    Task,
)
from libs.streaming.check import Check
from libs.streaming.ports import system_clock
from services.decision import agent as decision
from services.risk import agent as risk
from tests.benchmarks.system import percentile

DECISIONS = 20_000
SEED = 7
STEPS = ("BLOCKLIST", "KYC", "IDV", "AML", "DUPLICATE")
RESULTS = tuple(StepResultCode)
LEVELS = tuple(RiskLevel)
_TASK = Task(token="t", customerId="c", entityId="e", workflowExecutionId="x", requestId="r", stepName="Decision")
_PERSON = Individual(name=Name(familyName="Bench"), addresses=[Address(country="AUS")])


def requests(number: int, *, fresh: bool) -> Iterator[CheckRequested]:
    """Requests to assess and to decide; where `fresh` nearly each has evidence that none before it had."""
    chosen = random.Random(SEED)
    for count in range(number):
        results = [chosen.choice(RESULTS) if fresh else StepResultCode.CLEAR for _ in STEPS]
        level = chosen.choice(LEVELS) if fresh else RiskLevel.LOW
        factors = [RiskFactorValue(factor="num_sanctions", value=str(count if fresh else 0))]
        evidence = [
            *(StepOutcome(stepName=step, result=result) for step, result in zip(STEPS, results, strict=True)),
            StepOutcome(stepName="RISK", result=StepResultCode.COMPLETE, riskFactors=factors,
                        risk=RiskScore(score=count % 100, level=level, profile="bench")),
        ]  # fmt: skip
        yield CheckRequested(task=_TASK, individual=_PERSON, evidence=evidence)


def run(number: int = DECISIONS) -> dict[str, Any]:
    """Decisions and assessments a second on one core; microseconds of its time for each; megabytes of the process."""
    checks = {"decision": decision.check(), "risk": risk.check()}
    found: dict[str, Any] = {}
    for (name, check), fresh in itertools.product(checks.items(), (False, True)):
        costs = asyncio.run(_costs(check, number, fresh=fresh))
        found[f"{name}_{'new' if fresh else 'known'}"] = {
            "per_second": round(number / (sum(costs) / 1e6)),
            "p50_us": round(percentile(costs, 0.5), 1),
            "p99_us": round(percentile(costs, 0.99), 1),
        }
    return {"requests": number, **found, "memory_mb": psutil.Process().memory_info().rss // 1_000_000}


async def _costs(check: Check, number: int, *, fresh: bool) -> list[float]:
    now, costs = system_clock(), []
    for request in requests(number, fresh=fresh):
        begin = time.process_time()
        await check.answer(request, now)
        costs.append((time.process_time() - begin) * 1e6)
    return costs
