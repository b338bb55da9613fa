"""Task: asks a resource for work and waits for its answer."""

from typing import Any

from libs.asl.catcher import read_catchers
from libs.asl.errors import runtime
from libs.asl.fields import Fields
from libs.asl.input_output import read_input_output
from libs.asl.jsonata_template import read_jsonata, read_whole
from libs.asl.outcomes import CallTask, Leave
from libs.asl.payload_template import read_template
from libs.asl.resource import Resource, read_resource
from libs.asl.retrier import read_retriers
from libs.asl.scope import Evaluator, Scope
from libs.asl.states.state import State, read_next

MAX_SECONDS = 99_999_999


class Task(State):
    kind = "Task"

    def __init__(self, name: str, fields: Fields) -> None:
        super().__init__(name, fields)
        self.next = read_next(fields)
        self.resource: Resource = read_resource(fields)
        self.io = read_input_output(fields, arguments=True, result=True, selector=True)
        self.retriers = read_retriers(fields)
        self.catchers = read_catchers(fields)
        self.timeout = _read_seconds(fields, "TimeoutSeconds")
        self.heartbeat = _read_seconds(fields, "HeartbeatSeconds")
        _check_credentials(fields)
        _check_heartbeat(fields)

    def execute(self, raw: Any, scope: Scope) -> CallTask:
        seen = self.io.seen(raw, scope)
        timeout = self.timeout and self.timeout(seen, scope)
        heartbeat = self.heartbeat and self.heartbeat(seen, scope)
        parameters = self.io.effective_input(raw, scope)
        return CallTask(parameters, scope.known.bytes_of(parameters), timeout, heartbeat)

    def finish(self, raw: Any, result: Any, scope: Scope) -> Leave:
        return self.io.leave(raw, result, self.next, scope)


def _read_seconds(fields: Fields, name: str) -> Evaluator | None:
    if fields.is_jsonata and (evaluate := read_whole(fields, name, 1, MAX_SECONDS)) is not None:
        return evaluate
    seconds = fields.integer(name, 1, most=MAX_SECONDS)
    find = None if fields.is_jsonata else _read_seconds_path(fields, name)
    if find is not None:
        return find
    if seconds is None:
        return None
    return lambda value, scope: seconds


def _read_seconds_path(fields: Fields, name: str) -> Evaluator | None:
    fields.at_most_one(name, f"{name}Path")
    find = fields.path_field(f"{name}Path")
    return find and _seconds_at(find, f"{name}Path", str(fields.get(f"{name}Path")))


def _seconds_at(find: Evaluator, name: str, path: str) -> Evaluator:
    def seconds(value: Any, scope: Scope) -> int:
        found = find(value, scope)
        if type(found) is not int or not 0 < found <= MAX_SECONDS:
            raise runtime(f"The {name} parameter does not reference a positive whole number: {path} == {found}")
        return found

    return seconds


def _check_heartbeat(fields: Fields) -> None:
    timeout, heartbeat = fields.get("TimeoutSeconds"), fields.get("HeartbeatSeconds")
    if type(timeout) is int and type(heartbeat) is int and heartbeat >= timeout:
        fields.problem('"HeartbeatSeconds" must be smaller than "TimeoutSeconds"')


def _check_credentials(fields: Fields) -> None:
    """Credentials name a role on AWS; here they are checked and have no effect, as no resource assumes roles."""
    if not fields.has("Credentials"):
        return
    if not isinstance(fields.get("Credentials"), dict):
        fields.problem('"Credentials" must be an object')
    read = read_jsonata if fields.is_jsonata else read_template
    read(fields, "Credentials")
