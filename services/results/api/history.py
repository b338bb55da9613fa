"""The history of an execution in the form of AWS's GetExecutionHistory: its events, and the page that was asked for."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from services.results.api.problems import invalid

DEFAULT_RESULTS = 100
MOST_RESULTS = 1000

# JSON text on AWS; where a second name stands, that says whether it was cut.
_DATA = {
    "input": "inputDetails",
    "output": "outputDetails",
    "parameters": None,
    "assignedVariables": "assignedVariablesDetails",
}
# All others have a member for their details, be it empty.
WITHOUT_DETAILS = frozenset(
    {
        "LambdaFunctionStarted",
        *("MapRunSucceeded", "MapRunAborted"),
        *(f"MapState{how}" for how in ("Succeeded", "Failed", "Aborted")),
        *(f"ParallelState{how}" for how in ("Started", "Succeeded", "Failed", "Aborted")),
        *("TaskStateAborted", "WaitStateAborted"),
    }
)


def told(event: Mapping[str, Any], *, data: bool) -> dict[str, Any]:
    """An event as AWS gives it; without `data`, what states took in and gave out is left out."""
    answer = {name: event[name] for name in ("id", "previousEventId", "type", "timestamp")}
    if event["type"] not in WITHOUT_DETAILS:
        answer[details_name(event["type"])] = _details(orjson.loads(event["details"]), data=data)
    return answer


def details_name(event_type: str) -> str:
    """The member of an event that holds its details: `taskScheduledEventDetails`, `stateEnteredEventDetails`."""
    for how in ("Entered", "Exited"):
        if event_type.endswith(f"State{how}"):
            return f"state{how}EventDetails"
    return f"{event_type[0].lower()}{event_type[1:]}EventDetails"


def _details(details: Mapping[str, Any], *, data: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for name, value in details.items():
        if name not in _DATA:
            shown[name] = value
        elif data:
            shown[name] = {one: _text(of) for one, of in value.items()} if name == "assignedVariables" else _text(value)
            if (cut := _DATA[name]) is not None:
                shown[cut] = {"truncated": False}
    return shown


def _text(value: Any) -> str:
    return orjson.dumps(value).decode()


@dataclass(frozen=True, slots=True)
class Seen:
    """How far a reader is: the last event seen, in which order, of which execution."""

    execution_id: str
    reverse: bool
    event_id: int

    def token(self) -> str:
        """The reader gives it back for the next page."""
        return base64.urlsafe_b64encode(orjson.dumps([self.execution_id, self.reverse, self.event_id])).decode()


def seen(token: str, execution_id: str, *, reverse: bool) -> Seen:
    """What a token says; raises Problem for one of another history or order."""
    try:
        given = orjson.loads(base64.urlsafe_b64decode(token.encode()))
        if given[:2] == [execution_id, reverse] and type(given[2]) is int:
            return Seen(execution_id, reverse, given[2])
    except (binascii.Error, ValueError, TypeError, LookupError):
        pass
    raise invalid("is not a token of this history in this order", "query.nextToken")
