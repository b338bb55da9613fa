"""The chapters in which a step of an execution is told: one, unless that would be more than a record may hold."""

from collections.abc import Iterator, Mapping, Sequence

from libs.asl import HistoryEvent
from libs.events.models import ExecutionState, WorkflowProgressed
from services.orchestration import in_avro

# What is in a chapter beside this is small.
MOST_BYTES = 300_000


def split(
    whole: WorkflowProgressed, fields: Mapping[str, bytes], history: Sequence[HistoryEvent]
) -> Iterator[tuple[WorkflowProgressed, Mapping[str, bytes]]]:
    """Chapters with their fields in Avro; of several, the first has what was accepted and the last has the end."""
    if sum(map(len, fields.values())) + len(whole.output or "") + len(whole.cause or "") <= MOST_BYTES:
        yield whole, fields
        return
    for number, (chapter, encoded) in enumerate(_several(whole, fields, history)):
        beginning = {"sequence": whole.sequence + number} | ({"started": None} if number else {})
        yield chapter.model_copy(update=beginning), encoded


def _several(
    whole: WorkflowProgressed, fields: Mapping[str, bytes], history: Sequence[HistoryEvent]
) -> Iterator[tuple[WorkflowProgressed, Mapping[str, bytes]]]:
    running = whole.model_copy(update={"state": ExecutionState.RUNNING, "output": None, "error": None, "cause": None})
    if whole.accepted:
        yield running, {name: value for name, value in fields.items() if name != "history"}
    for events in _groups(history):
        yield running.model_copy(update={"accepted": []}), {"history": in_avro.history(events)}
    if whole.state is not ExecutionState.RUNNING:
        yield whole.model_copy(update={"accepted": []}), {}


def _groups(history: Sequence[HistoryEvent]) -> Iterator[list[HistoryEvent]]:
    """Events in order, so many together as a chapter holds."""
    group: list[HistoryEvent] = []
    held = 0
    for event in history:
        size = len(in_avro.history([event]))
        if group and held + size > MOST_BYTES:
            yield group
            group, held = [], 0
        group.append(event)
        held += size
    yield group
