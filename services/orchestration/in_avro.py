"""Fields that are written in Avro here, past the models: they are most of the bytes, or lie there already."""

from collections.abc import Iterable
from functools import lru_cache

import orjson

from libs.asl import HistoryEvent
from libs.events.avro import of_optional, write_array, write_field
from libs.events.message import Event
from libs.events.models import Application, Individual
from libs.events.released import current
from services.orchestration.kept import Kept


def history(events: Iterable[HistoryEvent]) -> bytes:
    """The history of a chapter of WorkflowProgressed."""
    told = [
        {
            "id": event.id,
            "previousEventId": event.previous_event_id,
            "type": event.type,
            "timestamp": event.timestamp,
            "details": orjson.dumps(event.details).decode(),
        }
        for event in events
    ]
    return write_field(current("vetstream.WorkflowProgressed"), "history", told)


def accepted(cause: Event) -> dict[str, bytes]:
    """The accepted findings in the bytes that brought them, so that they are not written anew."""
    result = of_optional(cause.encoded.get("result", b""))
    return {} if result is None else {"accepted": write_array([result])}


def about(kept: Kept) -> dict[str, bytes]:
    """Whom and what a request is about."""
    told = {"individual": person(kept.individual or "{}")}
    return told if kept.application is None else {**told, "application": _application(kept.application)}


@lru_cache(maxsize=1024)
def _application(document: str) -> bytes:
    """As `person`, of the application."""
    applied = Application.model_validate_json(document)
    return write_field(current("vetstream.CheckRequested"), "application", applied.model_dump())


@lru_cache(maxsize=1024)
def person(document: str) -> bytes:
    """The person in a request, given their JSON: seven checks are asked about the same one."""
    individual = Individual.model_validate_json(document)
    return write_field(current("vetstream.CheckRequested"), "individual", individual.model_dump())
