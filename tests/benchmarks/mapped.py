"""A distributed Map through Kafka: each of its items is an execution of its own."""

import time
from typing import Any

from libs.asl import Machine
from libs.events.codec import encode
from libs.events.message import derived_id
from libs.events.models import Individual, LifecyclePhase, Name, WorkflowRequested
from libs.setup import database_url
from libs.store.engine import connect
from libs.streaming.kafka import KafkaBroker
from libs.streaming.ports import system_clock
from services.orchestration.definitions import Workflow, publish
from tests.benchmarks.system import Ends, Measured, made

ITEMS = 2000
EACH = {
    "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
    "StartAt": "Only",
    "States": {"Only": {"Type": "Pass", "End": True}},
}
DEFINITION = {
    "StartAt": "Items",
    "States": {
        "Items": {"Type": "Pass", "Result": list(range(ITEMS)), "Next": "Each"},
        "Each": {"Type": "Map", "ItemProcessor": EACH, "End": True},
    },
}


async def run(system: Measured) -> dict[str, Any]:
    """One Map of one Pass state for each item, from its request until its end is told."""
    phase = LifecyclePhase.OTHER
    workflow = Workflow("Benchmark", "Mapped", "bench-mapped", "benchmark", phase, None, Machine.load(DEFINITION))
    engine = connect(database_url(system.database, "orchestration"))
    async with engine.begin() as connection:
        await publish(connection, workflow, system_clock())
    await engine.dispose()
    data = WorkflowRequested(
        customerId="bench", entityId="mapped", entityVersion=1, individual=Individual(name=Name(familyName="Bench")),
        serviceName=workflow.service_name, workflowName=workflow.workflow_name, requestId="mapped",
    )  # fmt: skip
    event = made("workflow.requested", "bench", data)
    execution = derived_id(event.id, "orchestration", "execution")
    producer = KafkaBroker(system.bootstrap).producer()
    await producer.start()
    async with Ends(system.bootstrap) as ends:
        begun = time.perf_counter()
        await producer.send([encode(event)])
        while execution not in ends.states:
            await ends.hear()
        seconds = time.perf_counter() - begun
    await producer.stop()
    assert ends.states[execution] == "SUCCEEDED"
    return {"seconds": round(seconds, 1), "items": ITEMS, "per_second": round(ITEMS / seconds)}
