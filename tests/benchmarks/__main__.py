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
from libs.streaming.ports import Producer, system_clock
from services.orchestration.definitions import Workflow, publish
from tests.benchmarks import (
    checks,
    deciding,
    documents,
    duplicates,
    mapped,
    matchlist,
    queries,
    reducer,
    screening,
    statements,
)
from tests.benchmarks.system import Ends, Measured, made, onboardings, per_unit, percentile, running

Bench = Callable[[Measured], Awaitable[dict[str, Any]]]

FIVE_PASS = Workflow(
    "Benchmark", "Five-Pass", "bench-five-pass", "benchmark", LifecyclePhase.OTHER, None,
    Machine.load({
        "StartAt": "A",
        "States": {name: {"Type": "Pass", "Next": after} for name, after in zip("ABCD", "BCDE", strict=True)}
        | {"E": {"Type": "Pass", "End": True}},
    }),
)  # fmt: skip


class Projected:
    """How many executions the projection shows as ended since; asking costs less than reading their whole story."""

    def __init__(self, system: Measured) -> None:
        self._engine = connect(database_url(system.database, "results"))
        self._before = 0

    async def __aenter__(self) -> "Projected":
        self._before = await self.ended()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._engine.dispose()

    async def ended(self) -> int:
        async with self._engine.connect() as connection:
            return int((await connection.execute(_ENDED)).scalar_one()) - self._before


_ENDED = text("SELECT count(*) FROM projection.executions WHERE state <> 'IN_PROGRESS'")


async def throughput(system: Measured, count: int = 4000, in_flight: int = 800) -> dict[str, Any]:
    """Whole onboardings a second, seven checks each, `in_flight` at any time, until the projection has them."""
    producer = KafkaBroker(system.bootstrap).producer()
    await producer.start()
    async with Projected(system) as projected:
        load = Load(projected, producer, in_flight)
        await load.until(in_flight)  # warm
        warm, before, begun = load.ended, system.cpu(), time.perf_counter()
        await load.until(warm + count)
        ended, after, seconds = load.ended - warm, system.cpu(), time.perf_counter() - begun
        await load.drain()
    await producer.stop()
    return {
        "per_second": round(ended / seconds, 1),
        "onboardings": ended,
        "in_flight": in_flight,
        "cpu_ms_each": per_unit(before, after, ended),
        "memory_mb": system.memory(),
    }


class Load:
    """Onboardings under way, always as many: one is published for each that has ended."""

    def __init__(self, projected: Projected, producer: Producer, in_flight: int) -> None:
        self._projected, self._producer, self._in_flight = projected, producer, in_flight
        self._onboardings = onboardings()
        self._published = 0
        self.ended = 0

    async def until(self, ended: int) -> None:
        """Until so many have ended in all."""
        while self.ended < ended:
            room = self._in_flight - (self._published - self.ended)
            await self._producer.send([encode(next(self._onboardings)) for _ in range(room)])
            self._published += room
            await self._look()

    async def drain(self) -> None:
        """Until none is under way."""
        while self.ended < self._published:
            await self._look()

    async def _look(self) -> None:
        await asyncio.sleep(0.2)  # looking costs the database something
        self.ended = await self._projected.ended()


async def latency(system: Measured, count: int = 200) -> dict[str, Any]:
    """One onboarding at rest: from its event being sent to its last step being told."""
    events, producer = onboardings(), KafkaBroker(system.bootstrap).producer()
    await producer.start()
    taken = []
    async with Ends(system.bootstrap) as ends:
        for number in range(count + 20):
            event = next(events)
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
            target, begun = await ends.told() + size, time.perf_counter()
            await producer.send(messages)
            while await ends.told() < target:  # such an execution ends in its first step
                await asyncio.sleep(0.02)
            seconds = time.perf_counter() - begun
    await producer.stop()
    cpu = per_unit(before, system.cpu(), count)
    of = ("orchestration", "results", "kafka", "postgres", "benchmark")
    return {
        "per_second": round(count / seconds),
        "executions": count,
        "cpu_ms_each": {name: cpu[name] for name in of},
    }


async def soak(system: Measured, minutes: float = 20, per_second: float = 45) -> dict[str, Any]:
    """Half load for a while: latency and memory by minute, to see whether they stay flat."""
    events, producer = onboardings(), KafkaBroker(system.bootstrap).producer()
    await producer.start()
    begun, due, minute = time.perf_counter(), 0.0, 0
    sent: dict[str, float] = {}
    lines: list[Mapping[str, Any]] = []
    taken: list[float] = []
    again = 0
    async with Ends(system.bootstrap) as ends:
        while (now := time.perf_counter() - begun) < minutes * 60:
            while due <= now:
                event = next(events)
                sent[derived_id(event.id, "orchestration", "execution")] = time.perf_counter()
                await producer.send([encode(event)])
                due += 1 / per_second
            await ends.hear(10)
            # An end may be told twice: at least once on the wire.
            ended = [sent.pop(execution) for execution in ends.states if execution in sent]
            again += len(ends.states) - len(ended)
            taken.extend((time.perf_counter() - since) * 1000 for since in ended)
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
        "told_again": again,
        "by_process": system.memory(),
    }


# Those that need no running system.
ALONE: dict[str, Callable[[], dict[str, Any]]] = {
    "reducer": reducer.run,
    "screening": screening.run,
    "documents": documents.run,
    "deciding": deciding.run,
    "matchlist": matchlist.run,
    "duplicates": duplicates.run,
    "checks": checks.run,
    "statements": statements.run,
}
BENCHES: dict[str, Bench] = {
    "onboarding": throughput,
    "latency": latency,
    "five_pass": five_pass,
    "map": mapped.run,
    "queries": queries.run,
    "soak": soak,
}


def main() -> None:
    """Run the benchmarks that were named."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    known = [*ALONE, *BENCHES]
    parser.add_argument("names", nargs="*", help=f"{', '.join(known)}; all but the soak if none")
    names = parser.parse_args().names or ["latency", "onboarding", "five_pass", "map", *ALONE]
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
