"""What the two interpreters tell of a case, and where they differ."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from libs.asl import Event, Machine, ScheduleTask, TaskFailed, TaskSucceeded
from libs.asl.integration import answer_to
from libs.asl.simulation import Asked, simulate
from tests.libs.asl.fuzz.generated import Case


@dataclass
class Told:
    """How an execution ended, and the way there."""

    status: str
    output: Any
    error: str | None
    cause: str | None
    entered: list[str] = field(default_factory=list)
    types: list[str] = field(default_factory=list)


def our_run(case: Case) -> Told:
    """How the case ends here."""

    def answer(effect: Asked) -> Iterator[Event]:
        assert isinstance(effect, ScheduleTask)
        answers = case.answers[effect.state]
        given = answers[min(effect.attempt, len(answers) - 1)]
        if "error" in given:
            yield TaskFailed(effect.task_id, given["error"], given["cause"])
        else:
            yield TaskSucceeded(effect.task_id, answer_to(effect.resource, given["output"]))

    run = simulate(Machine.load(case.definition), case.input, answer)
    execution = run.execution
    return Told(
        execution.status, execution.output, execution.error, execution.cause, run.states_entered, run.event_types
    )


def differences(ours: Told, theirs: Told) -> list[str]:
    """Where two runs differ; which of several branches fails first is anybody's, and with it all that follows."""
    if "ParallelStateFailed" in ours.types + theirs.types:
        return []
    found = [
        f"{what}: here {_short(mine)}, there {_short(other)}"
        for what, mine, other in (
            ("status", ours.status, theirs.status),
            ("error", ours.error, theirs.error),
            ("output", ours.output, theirs.output),
        )
        if not _same(mine, other)
    ]
    at_once = any(name.startswith("Parallel") for name in ours.types)
    if not found:
        # moto does not tell where a branch stood that ended badly, or was cancelled.
        types = [name for name in ours.types if not name.endswith(("StateAborted", "IterationAborted"))]
        for what, mine, other in (("states", ours.entered, theirs.entered), ("events", types, theirs.types)):
            if (Counter(mine) != Counter(other)) if at_once else mine != other:
                found.append(f"{what}: here {mine}, there {other}")
    return found


def _same(mine: Any, other: Any) -> bool:
    """Equal as JSON, where 1 and 1.0 are one number and true is none."""
    return json.dumps(mine, sort_keys=True) == json.dumps(other, sort_keys=True) or (
        type(mine) in (int, float) and type(other) in (int, float) and mine == other
    )


def _short(value: Any) -> str:
    return json.dumps(value)[:300]
