"""Wait: goes on after a while, or at a time."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from libs.asl.errors import query_evaluation_error, runtime
from libs.asl.fields import Fields
from libs.asl.input_output import read_input_output
from libs.asl.jsonata_template import read_expression, read_whole
from libs.asl.outcomes import Leave, Outcome, Pause
from libs.asl.scope import Evaluator, Scope
from libs.asl.states.state import State, read_next
from libs.asl.timestamps import after, parse_timestamp

MAX_SECONDS = 99_999_999
_WAYS = ("Seconds", "Timestamp")
_PATHS = ("SecondsPath", "TimestampPath")

Due = Callable[[Any, Scope], datetime]


class Wait(State):
    kind = "Wait"

    def __init__(self, name: str, fields: Fields) -> None:
        super().__init__(name, fields)
        self.next = read_next(fields)
        self.io = read_input_output(fields)
        self.due = _read_due(fields)

    def execute(self, raw: Any, scope: Scope) -> Outcome:
        until = self.due(self.io.seen(raw, scope), scope)
        return Pause(until) if until > scope.now else self.finish(raw, None, scope)

    def finish(self, raw: Any, result: Any, scope: Scope) -> Leave:
        return self.io.leave(raw, self.io.effective_input(raw, scope), self.next, scope)


def _read_due(fields: Fields) -> Due:
    ways = _WAYS if fields.is_jsonata else _WAYS + _PATHS
    if len([name for name in ways if fields.has(name)]) != 1:
        fields.problem("exactly one of " + ", ".join(f'"{name}"' for name in ways) + " is needed")
    return (fields.is_jsonata and _read_expression(fields)) or _read_literal(fields)


def _read_expression(fields: Fields) -> Due | None:
    """The way that is an expression in JSONata."""
    seconds, timestamp = read_whole(fields, "Seconds", 0, MAX_SECONDS), read_expression(fields, "Timestamp", "string")
    if seconds is not None:
        return lambda value, scope: after(scope.now, seconds(value, scope))
    return None if timestamp is None else _timestamp_of(timestamp)


def _timestamp_of(evaluate: Evaluator) -> Due:
    def due(value: Any, scope: Scope) -> datetime:
        text = evaluate(value, scope)
        time = parse_timestamp(text)
        if time is None:
            fault = f"a valid ISO-8601 extended offset date-time format string: {text}"
            raise query_evaluation_error(f"The Timestamp field is not {fault}", "Timestamp")
        return time

    return due


def _read_literal(fields: Fields) -> Due:
    seconds = fields.integer("Seconds", 0, most=MAX_SECONDS) or 0
    time = _read_timestamp(fields)
    at_path = None if fields.is_jsonata else _read_path(fields)
    if at_path is not None:
        return at_path
    if time is not None:
        return lambda value, scope: time
    return lambda value, scope: after(scope.now, seconds)


def _read_path(fields: Fields) -> Due | None:
    seconds, timestamp = fields.path_field("SecondsPath"), fields.path_field("TimestampPath")
    if seconds is not None:
        return _seconds_at(seconds, str(fields.get("SecondsPath")))
    return None if timestamp is None else _timestamp_at(timestamp, str(fields.get("TimestampPath")))


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
