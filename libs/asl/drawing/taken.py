"""The path that an execution has taken through its machine, read from its history.

Histories are understood as `run --history` writes them and as AWS's GetExecutionHistory answers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from libs.asl.graph import Graph
from libs.asl.history import MIGRATED

DONE, CAUGHT, STOPPED, FAILED = "done", "caught", "stopped", "failed"
_GRAVEST = (DONE, CAUGHT, STOPPED, FAILED)
_ENDINGS = ("Failed", "TimedOut", "StartFailed", "ScheduleFailed", "SubmitFailed")


@dataclass
class Taken:
    """What happened at each state, and which transitions were gone."""

    states: dict[str, str] = field(default_factory=dict)
    visits: dict[str, int] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    transitions: set[tuple[str, str, bool]] = field(default_factory=set)
    """(from, to, by a Catch)"""
    ended: str = "Running"


class InvalidHistory(ValueError):
    """Not a history."""


@dataclass
class _Event:
    id: int
    before: int
    type: str
    details: Mapping[str, Any]

    @property
    def is_error(self) -> bool:
        return self.type.endswith(_ENDINGS) and not self.type.startswith(("Execution", "MapIteration"))


def read_taken(history: Any, graph: Graph) -> Taken:
    """The path of a history; raises InvalidHistory."""
    return _Reading(_events(history), graph).taken


def _events(history: Any) -> list[_Event]:
    listed = history.get("events") if isinstance(history, Mapping) else history
    if not isinstance(listed, list):
        raise InvalidHistory('a history is a list of events, or an object with "events"')
    try:
        return [_Event(one["id"], one["previousEventId"], one["type"], _details(one)) for one in listed]
    except (KeyError, TypeError):
        raise InvalidHistory("an event has an id, a previousEventId and a type") from None


def _details(event: Mapping[str, Any]) -> Mapping[str, Any]:
    if isinstance(event.get("details"), Mapping):
        return event["details"]  # type: ignore[no-any-return]
    return next((value for name, value in event.items() if name.endswith("EventDetails")), {})


class _Reading:
    def __init__(self, events: Iterable[_Event], graph: Graph) -> None:
        self.taken = Taken()
        self._events = {event.id: event for event in events}
        self._around = {
            inside.name: node for node in graph.every_node() for inner in node.inner for inside in inner.nodes.values()
        }
        self._open: dict[int, str] = {}
        for event in self._events.values():
            self._read(event)
        for name in self._open.values():
            self._mark(name, STOPPED)

    def _read(self, event: _Event) -> None:
        if event.type.endswith("StateEntered"):
            self._entered(event)
        elif event.type.endswith("StateExited"):
            self._exited(event)
        elif event.is_error:
            self._note(event)
        elif event.type == MIGRATED:
            states = event.details["states"]
            self._open = {entered: states.get(name, name) for entered, name in self._open.items()}
        elif event.type.startswith("Execution") and event.type not in ("ExecutionStarted", "ExecutionRedriven"):
            error = event.details.get("error")
            self.taken.ended = event.type.removeprefix("Execution") + (f": {error}" if error else "")
            if event.type == "ExecutionFailed":
                self._failed(event)

    def _entered(self, event: _Event) -> None:
        name = event.details["name"]
        self._open[event.id] = name
        self.taken.visits[name] = self.taken.visits.get(name, 0) + 1
        before = self._events.get(event.before)
        if before is not None and before.type.endswith("StateExited"):
            self.taken.transitions.add((before.details["name"], name, self._by_catch(before)))

    def _exited(self, event: _Event) -> None:
        name = event.details["name"]
        # In a Map one state is open many times: the newest one by this name that came before.
        entered = [entered for entered, open_name in self._open.items() if open_name == name]
        mine = self._entry(event, name) or (entered[-1] if entered else None)
        if mine is not None:
            self._open.pop(mine, None)
        self._mark(name, CAUGHT if self._by_catch(event) else DONE)

    def _by_catch(self, exited: _Event) -> bool:
        """The state was left after an error, with no success since."""
        before = self._events.get(exited.before)
        return before is not None and (before.is_error or before.type == "EvaluationFailed")

    def _entry(self, event: _Event, name: str) -> int | None:
        """The event by which the state of this one was entered."""
        before: _Event | None = event
        while before is not None:
            if before.type.endswith("StateEntered") and before.details.get("name") == name:
                return before.id
            before = self._events.get(before.before)
        return None

    def _note(self, event: _Event) -> None:
        name = self._owner(event)
        error = event.details.get("error")
        if name is not None and error:
            self.taken.errors.setdefault(name, []).append(str(error))

    def _failed(self, event: _Event) -> None:
        """The state that failed, and those around it."""
        name = self._owner(event)
        error = event.details.get("error")
        if name is not None and error and error not in self.taken.errors.get(name, []):
            self.taken.errors.setdefault(name, []).append(str(error))
        while name is not None:
            for entered in [entered for entered, open_name in self._open.items() if open_name == name]:
                del self._open[entered]
            self._mark(name, FAILED)
            around = self._around.get(name)
            name = around.name if around is not None else None

    def _owner(self, event: _Event) -> str | None:
        """The state that an event is about: the last one entered on the way to it, or the one around that."""
        before: _Event | None = self._events.get(event.before)
        while before is not None and not before.type.endswith("StateEntered"):
            before = self._events.get(before.before)
        name = before.details["name"] if before is not None else None
        if name is not None and event.type in ("ParallelStateFailed", "MapStateFailed", "MapRunFailed"):
            around = self._around.get(name)
            return around.name if around is not None else name
        return name

    def _mark(self, name: str, how: str) -> None:
        known = self.taken.states.get(name, DONE)
        self.taken.states[name] = max(known, how, key=_GRAVEST.index)
