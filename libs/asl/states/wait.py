"""Wait: goes on after a while, or at a time."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from libs.asl.errors import runtime
from libs.asl.fields import Fields
from libs.asl.input_output import InputOutput
from libs.asl.outcomes import Leave, Outcome, Pause
from libs.asl.scope import Evaluator, Scope
from libs.asl.states.state import State, read_next
from libs.asl.timestamps import after, parse_timestamp

MAX_SECONDS = 99_999_999
_WAYS = ("Seconds", "SecondsPath", "Timestamp", "TimestampPath")

Due = Callable[[Any, Scope], datetime]


class Wait(State):
    kind = "Wait"

    def __init__(self, name: str, fields: Fields) -> None:
        super().__init__(name, fields)
        self.next = read_next(fields)
        self.io = InputOutput(fields)
        self.due = _read_due(fields)

    def execute(self, raw: Any, scope: Scope) -> Outcome:
        until = self.due(self.io.effective_input(raw, scope), scope)
        return Pause(until) if until > scope.now else self.finish(raw, None, scope)

    def finish(self, raw: Any, result: Any, scope: Scope) -> Leave:
        return Leave(self.io.output(raw, self.io.effective_input(raw, scope), scope), self.next)


def _read_due(fields: Fields) -> Due:
    given = [name for name in _WAYS if fields.has(name)]
    if len(given) != 1:
        fields.problem("exactly one of " + ", ".join(f'"{name}"' for name in _WAYS) + " is needed")
    seconds = fields.integer("Seconds", 0) or 0
    if seconds > MAX_SECONDS:
        fields.problem(f'"Seconds" must not be more than {MAX_SECONDS}')
    time = _read_timestamp(fields)
    seconds_path, timestamp_path = fields.path_field("SecondsPath"), fields.path_field("TimestampPath")
    if seconds_path is not None:
        return _seconds_at(seconds_path, str(fields.get("SecondsPath")))
    if timestamp_path is not None:
        return _timestamp_at(timestamp_path, str(fields.get("TimestampPath")))
    if time is not None:
        return lambda value, scope: time
    return lambda value, scope: after(scope.now, seconds)


def _read_timestamp(fields: Fields) -> datetime | None:
    text = fields.text("Timestamp")
    time = parse_timestamp(text)
    if text is not None and time is None:
        fields.problem(f'"Timestamp" must be like "2026-01-31T10:00:00Z" ("{text}")')
    return time


def _seconds_at(find: Evaluator, path: str) -> Due:
    def due(value: Any, scope: Scope) -> datetime:
        seconds = find(value, scope)
        if type(seconds) is not int:
            raise runtime(f"The SecondsPath parameter cannot be parsed as a long value: {path} == {seconds}")
        if seconds < 0:
            raise runtime(f"The SecondsPath parameter references a negative value: {path} == {seconds}")
        if seconds > MAX_SECONDS:
            raise runtime(f"The SecondsPath parameter is more than {MAX_SECONDS}: {path} == {seconds}")
        return after(scope.now, seconds)

    return due


def _timestamp_at(find: Evaluator, path: str) -> Due:
    def due(value: Any, scope: Scope) -> datetime:
        text = find(value, scope)
        time = parse_timestamp(text)
        if time is None:
            fault = f"a valid ISO-8601 extended offset date-time format string: {path} == {text}"
            raise runtime(f"The TimestampPath parameter does not reference {fault}")
        return time

    return due
