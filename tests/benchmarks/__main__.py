"""`python -m tests.benchmarks [NAME …]`: one JSON line for each figure; without names, all but the soak."""

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import text

from libs.asl import Machine
from libs.events.codec import encode
from libs.events.message import derived_id
from libs.events.models import Individual, LifecyclePhase, Name, WorkflowRequested
from libs.setup import database_url
from libs.store.engine import connect
from libs.streaming.kafka import KafkaBroker
from libs.streaming.ports import system_clock
from services.orchestration.definitions import Workflow, publish
from tests.benchmarks import reducer, screening
from tests.benchmarks.system import Ends, Measured, made, onboarding, people, per_unit, percentile, running

Bench = Callable[[Measured], Awaitable[dict[str, Any]]]

FIVE_PASS = Workflow(
    "Benchmark", "Five-Pass", "bench-five-pass", "benchmark", LifecyclePhase.OTHER, None,
    Machine.load({
        "StartAt": "A",
        "States": {name: {"Type": "Pass", "Next": after} for name, after in zip("ABCD", "BCDE", strict=True)}
        | {"E": {"Type": "Pass", "End": True}},
    }),
)  # fmt: skip


async def _projected(system: Measured, at_least: int) -> None:
    """Wait until the projection shows this many executions as ended."""
    engine = connect(database_url(system.database, "results"))
    query = text("SELECT count(*) FROM projection.executions WHERE state <> 'IN_PROGRESS'")
    try:
        while True:
            async with engine.connect() as connection:
                if (await connection.execute(query)).scalar_one() >= at_least:
                    return
            await asyncio.sleep(0.02)
    finally:
        await engine.dispose()


async def _ended(system: Measured) -> int:
    engine = connect(database_url(system.database, "results"))
    async with engine.connect() as connection:
        query = text("SELECT count(*) FROM projection.executions WHERE state <> 'IN_PROGRESS'")
        count: int = (await connection.execute(query)).scalar_one()
    await engine.dispose()
    return count


async def throughput(system: Measured, count: int = 3000, in_flight: int = 600) -> dict[str, Any]:
    """Whole onboardings a second, seven checks each, at most `in_flight` at a time, until the projection has them."""
    everybody, producer = people(), KafkaBroker(system.bootstrap).producer()
    await producer.start()
    async with Ends(system.bootstrap) as ends:
        await _onboard(ends, producer, everybody, in_flight, in_flight)  # warm
        ended = await _ended(system)
        before, begun = system.cpu(), time.perf_counter()
        await _onboard(ends, producer, everybody, count, in_flight)
        await _projected(system, ended + count)
        seconds = time.perf_counter() - begun
    await producer.stop()
    return {
        "per_second": round(count / seconds, 1),
        "onboardings": count,
        "in_flight": in_flight,
        "cpu_ms_each": per_unit(before, system.cpu(), count),
        "memory_mb": system.memory(),
    }


async def _onboard(ends: Ends, producer: Any, everybody: Any, count: int, in_flight: int) -> None:
    target, published = len(ends.states) + count, 0
    while len(ends.states) < target:
        room = min(count - published, in_flight - (published - (len(ends.states) - (target - count))))
        if room > 0:
            await producer.send([encode(onboarding(next(everybody))) for _ in range(room)])
            published += room
        await ends.hear()


async def latency(system: Measured, count: int = 200) -> dict[str, Any]:
    """One onboarding at rest: from its event being sent to its last step being told."""
    everybody, producer = people(), KafkaBroker(system.bootstrap).producer()
    await producer.start()
    taken = []
    async with Ends(system.bootstrap) as ends:
        for number in range(count + 20):
            event = onboarding(next(everybody))
            execution = derived_id(event.id, "orchestration", "execution")
            begun = time.perf_counter()
            await producer.send([encode(event)])
            while execution not in ends.states:
                await ends.hear()
            if number >= 20:
                taken.append((time.perf_counter() - begun) * 1000)
            await asyncio.sleep(0.05)
    await producer.stop()
    return {"p50_ms": round(percentile(taken, 0.5), 1), "p99_ms": round(percentile(taken, 0.99), 1), "samples": count}


async def five_pass(system: Measured, count: int = 20_000) -> dict[str, Any]:
    """Executions a second of a machine of five Pass states, through Kafka, until told on workflow.progressed."""
    engine = connect(database_url(system.database, "orchestration"))
    async with engine.begin() as connection:
        await publish(connection, FIVE_PASS, system_clock())
    await engine.dispose()
    producer = KafkaBroker(system.bootstrap).producer()
    await producer.start()
    person = Individual(name=Name(familyName="Bench"))

    def request(number: int) -> Any:
        data = WorkflowRequested(
            customerId="bench", entityId=f"e{number}", entityVersion=1, individual=person,
            serviceName=FIVE_PASS.service_name, workflowName=FIVE_PASS.workflow_name, requestId=str(number),
        )  # fmt: skip
        return encode(made("workflow.requested", "bench", data))

    async with Ends(system.bootstrap) as ends:
        for size in (1000, count):
            messages, before = [request(number) for number in range(size)], system.cpu()
            target, begun = len(ends.states) + size, time.perf_counter()
            await producer.send(messages)
            while len(ends.states) < target:
                await ends.hear(100)
            seconds = time.perf_counter() - begun
    await producer.stop()
    cpu = per_unit(before, system.cpu(), count)
    return {"per_second": round(count / seconds), "executions": count,
            "cpu_ms_each": {name: cpu[name] for name in ("orchestration", "results", "kafka", "postgres")}}  # fmt: skip


async def soak(system: Measured, minutes: float = 20, per_second: float = 50) -> dict[str, Any]:
    """Half load for a while: latency and memory by minute, to see whether they stay flat."""
    everybody, producer = people(), KafkaBroker(system.bootstrap).producer()
    await producer.start()
    begun, due, minute = time.perf_counter(), 0.0, 0
    sent: dict[str, float] = {}
    lines: list[Mapping[str, Any]] = []
    taken: list[float] = []
    async with Ends(system.bootstrap) as ends:
        while (now := time.perf_counter() - begun) < minutes * 60:
            while due <= now:
                event = onboarding(next(everybody))
                sent[derived_id(event.id, "orchestration", "execution")] = time.perf_counter()
                await producer.send([encode(event)])
                due += 1 / per_second
            await ends.hear(10)
            taken.extend((time.perf_counter() - sent.pop(execution)) * 1000 for execution in ends.states)
            ends.states.clear()
            if now >= (minute + 1) * 60 and taken:
                minute += 1
                p50, p99 = (round(percentile(taken, share), 1) for share in (0.5, 0.99))
                lines.append(
                    {"minute": minute, "p50_ms": p50, "p99_ms": p99, "memory_mb": sum(system.memory().values())}
                )
                print(json.dumps({"bench": "soak_minute", **lines[-1]}), flush=True)
                taken.clear()
    await producer.stop()
    return {
        "minutes": minutes,
        "per_second": per_second,
        "first": lines[1],
        "last": lines[-1],
        "by_process": system.memory(),
    }


# Those that need no running system.
ALONE: dict[str, Callable[[], dict[str, Any]]] = {"reducer": reducer.run, "screening": screening.run}
BENCHES: dict[str, Bench] = {"onboarding": throughput, "latency": latency, "five_pass": five_pass, "soak": soak}


def main() -> None:
    """Run the benchmarks that were named."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    known = [*ALONE, *BENCHES]
    parser.add_argument("names", nargs="*", help=f"{', '.join(known)}; all but the soak if none")
    names = parser.parse_args().names or ["latency", "onboarding", "five_pass", *ALONE]
    if unknown := sorted({*names} - {*known}):
        parser.error(f"no benchmark {unknown[0]}: there are {', '.join(known)}")
    for name in ALONE:
        if name in names:
            print(json.dumps({"bench": name, **ALONE[name]()}), flush=True)
    if set(names) & set(BENCHES):
        with tempfile.TemporaryDirectory(prefix="vetstream-bench-") as folder, running(Path(folder)) as system:
            for name in names:
                if name in BENCHES:
                    print(json.dumps({"bench": name, **asyncio.run(BENCHES[name](system))}), flush=True)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
