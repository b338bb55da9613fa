"""Task: asks a resource for work and waits for its answer."""

from typing import Any

from libs.asl.catcher import read_catchers
from libs.asl.errors import runtime
from libs.asl.fields import Fields
from libs.asl.input_output import InputOutput
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
        self.io = InputOutput(fields, parameters=True, selector=True, result=True)
        self.retriers = read_retriers(fields)
        self.catchers = read_catchers(fields)
        self.timeout = _read_seconds(fields, "TimeoutSeconds")
        self.heartbeat = _read_seconds(fields, "HeartbeatSeconds")
        _check_credentials(fields)
        _check_heartbeat(fields)

    def execute(self, raw: Any, scope: Scope) -> CallTask:
        selected = self.io.selected(raw, scope)
        timeout = self.timeout and self.timeout(selected, scope)
        heartbeat = self.heartbeat and self.heartbeat(selected, scope)
        return CallTask(self.io.effective_input(raw, scope), timeout, heartbeat)

    def finish(self, raw: Any, result: Any, scope: Scope) -> Leave:
        return Leave(self.io.output(raw, result, scope), self.next)


def _read_seconds(fields: Fields, name: str) -> Evaluator | None:
    fields.at_most_one(name, f"{name}Path")
    seconds = fields.integer(name, 1)
    find = fields.path_field(f"{name}Path")
    if find is not None:
        return _seconds_at(find, f"{name}Path", str(fields.get(f"{name}Path")))
    if seconds is None:
        return None
    if seconds > MAX_SECONDS:
        fields.problem(f'"{name}" must not be more than {MAX_SECONDS}')
    return lambda value, scope: seconds


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
    read_template(fields, "Credentials")
