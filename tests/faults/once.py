"""What must hold of a customer's executions, whatever happened meanwhile: each event has had one effect."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from libs.events.codec import decode
from libs.events.message import Event
from libs.events.models import WorkflowProgressed
from tests.faults.system import STATEFUL, RunningSystem
from tests.flows.system import execution_of


@dataclass(frozen=True)
class Outcome:
    """How an execution ended."""

    state: str
    status: str
    result: str
    steps: tuple[tuple[str, str], ...]
    risk: str


async def outcomes(system: RunningSystem, customer: str) -> dict[str, Outcome]:
    """The outcome of each person of a customer, as the projection has them."""
    rows = await system.query(
        "results",
        """SELECT entity_id, state, status, result, CAST(steps AS text) AS steps,
                  coalesce(risk->>'riskLevel', '-') || ' ' || coalesce(risk->>'riskScore', '-') AS risk
           FROM projection.executions WHERE customer_id = :customer""",
        customer=customer,
    )
    return {
        row.entity_id: Outcome(
            row.state,
            row.status,
            row.result,
            tuple(sorted((step, result) for step, result in json.loads(row.steps))),
            row.risk,
        )
        for row in rows
    }


async def each_had_one_effect(
    system: RunningSystem, customer: str, events: Sequence[Event], letters_before: Mapping[str, int] | None = None
) -> None:
    """Assert it of every event that took on a person of the customer."""
    await nothing_is_unsent(system)
    executions = sorted(execution_of(event) for event in events)
    kept = await system.query(
        "orchestration",
        "SELECT workflow_execution_id AS id, sequence, status FROM executions WHERE customer_id = :customer",
        customer=customer,
    )
    assert sorted(row.id for row in kept) == executions
    assert {row.status for row in kept} == {"SUCCEEDED"}
    projected = await system.query(
        "results",
        "SELECT execution_id AS id, sequence, waiting FROM projection.executions WHERE customer_id = :customer",
        customer=customer,
    )
    last = {row.id: row.sequence for row in kept}
    assert {row.id: row.sequence for row in projected} == last
    assert {row.waiting for row in projected} == {0}
    await _told_without_gap(system, customer, last)
    await _projected_without_gap(system, customer, last)
    persons = await system.query("duplicates", "SELECT 1 FROM persons WHERE customer_id = :c", c=customer)
    assert len(persons) == len({event.key for event in events})
    for service in STATEFUL:
        assert await system.query(service, "SELECT subject, error FROM held") == []
    if letters_before is not None:
        assert await system.letters() == letters_before


async def nothing_is_unsent(system: RunningSystem, seconds: float = 30) -> None:
    """Rows that a dead instance left are swept after some seconds."""

    async def swept() -> bool:
        return not any([await system.query(one, "SELECT 1 FROM outbox_unsent") for one in STATEFUL])

    await system.until("every outbox is sent", swept, seconds)


async def _told_without_gap(system: RunningSystem, customer: str, last: Mapping[str, int]) -> None:
    """Each chapter was told in one way, however often, and each step accepted once."""
    chapters: dict[str, dict[int, WorkflowProgressed]] = defaultdict(dict)
    count = 0
    for message in await system.records("workflow.progressed"):
        if not (message.key or b"").startswith(f"{customer}:".encode()):
            continue
        count += 1
        chapter = decode(message).data
        assert isinstance(chapter, WorkflowProgressed)
        known = chapters[chapter.workflowExecutionId].setdefault(chapter.sequence, chapter)
        assert known == chapter, f"two chapters {chapter.sequence} of {chapter.workflowExecutionId}"
    assert set(chapters) == set(last)
    for execution, story in chapters.items():
        assert sorted(story) == list(range(1, last[execution] + 1))
        told = [story[number] for number in sorted(story)]
        accepted = Counter(result.outcome.stepName for chapter in told for result in chapter.accepted)
        assert set(accepted.values()) == {1}, (execution, accepted)
        ids = [event.id for chapter in told for event in chapter.history]
        assert ids == list(range(1, len(ids) + 1))
    different = sum(map(len, chapters.values()))
    print(f"    {customer}: {len(chapters)} executions, {different} chapters told, {count - different} of them again")


async def _projected_without_gap(system: RunningSystem, customer: str, last: Mapping[str, int]) -> None:
    history = defaultdict(list)
    for row in await system.query(
        "results",
        "SELECT execution_id, sequence FROM projection.history WHERE customer_id = :c ORDER BY 1, 2",
        c=customer,
    ):
        history[row.execution_id].append(row.sequence)
    assert history == {execution: list(range(1, sequence + 1)) for execution, sequence in last.items()}
    steps = await system.query(
        "results",
        """SELECT execution_id, step_name FROM projection.step_results WHERE customer_id = :c
           GROUP BY 1, 2 HAVING count(*) > 1""",
        c=customer,
    )
    assert steps == []


async def rebuilt_is_equal(system: RunningSystem) -> None:
    """Folding all topics again gives the live projection."""
    said = await system.run("services.results", "rebuild", "--check", service="results")
    print(f"    rebuild: {said.lines[0]}, {said.lines[-1]}")
    assert said.code == 0, "\n".join(said.lines)
