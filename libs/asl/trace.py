"""The history of an execution, as lines for a reader."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from libs.asl.history import HistoryEvent
from libs.asl.simulation import BEGIN

_SHOWN = ("name", "index", "resource", "input", "parameters", "output", "error", "cause")
_WIDTH = 100


def trace(history: Iterable[HistoryEvent]) -> Iterator[str]:
    """A line for each event: its id, the seconds since the start, its type, and what it tells."""
    for event in history:
        seconds = (event.timestamp - BEGIN).total_seconds()
        told = "  ".join(_shown(event.details[name]) for name in _SHOWN if name in event.details)
        yield f"{event.id:5}  {seconds:10.3f}s  {event.type:<28}  {told}".rstrip()


def event_document(event: HistoryEvent) -> dict[str, Any]:
    """An event as JSON."""
    return {
        "id": event.id,
        "previousEventId": event.previous_event_id,
        "type": event.type,
        "timestamp": event.timestamp.isoformat(),
        "details": dict(event.details),
    }


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"
