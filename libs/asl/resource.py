"""Resource: what a Task calls, and the words that AWS's history has for it."""

import json
import re
from dataclasses import dataclass
from typing import Any

from libs.asl.fields import Fields
from libs.asl.history import without_nones

_LAMBDA = re.compile(r"arn:[\w-]+:lambda:[^:]*:[^:]*:function:[\w-]+(:(\$LATEST|[\w-]+))?")
_LAMBDA_START = re.compile(r"arn:[\w-]+:lambda:[^:]*:[^:]*:function:")
_ACTIVITY = re.compile(r"arn:[\w-]+:states:[^:]*:[^:]*:activity:.+")
_INTEGRATION = re.compile(r"arn:[\w-]+:states:([^:]*):[^:]*:([\w-]+(?::[\w-]+)*):([^:]+)")
_SYNC = re.compile(r"\.sync(:2)?$")
_OPEN_SUBSTITUTION = re.compile(r"\$\{[^}]*$")


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource by the name that the author wrote, with `prefix` as its history events begin."""

    name: str
    prefix: str
    service: str | None = None
    action: str | None = None

    def scheduled_details(self, parameters: Any, timeout: int | None, heartbeat: int | None) -> dict[str, Any]:
        """The details of the event that schedules it."""
        if self.prefix == "Task":
            called = {**self.details(), "parameters": parameters}
        else:
            called = {"resource": self.name, "input": parameters}
        return called | without_nones(timeoutInSeconds=timeout, heartbeatInSeconds=heartbeat)

    def details(self) -> dict[str, Any]:
        """The details of every later event of it."""
        if self.prefix != "Task":
            return {}
        return {"resourceType": self.service or "task", "resource": self.action or self.name}

    @property
    def gives_token(self) -> bool:
        """The task is handed to somebody who answers with the token that `$$.Task.Token` gave."""
        return self.name.endswith(".waitForTaskToken")

    @property
    def is_answered_later(self) -> bool:
        """The task is first handed over (TaskSubmitted), and answered when it is done."""
        return self.prefix == "Task" and (self.gives_token or bool(_SYNC.search(self.name)))

    def shown(self) -> str:
        """The name in a sentence about it."""
        return self.service or self.name


def _filled_in_later(name: Any) -> Any:
    """A reference of CloudFormation's, `{"Ref": …}` or `{"Fn::…": …}`: as text it is a name like any other."""
    if isinstance(name, dict) and len(name) == 1 and next(iter(name)).startswith(("Ref", "Fn::")):
        return json.dumps(name)
    return name


def read_resource(fields: Fields) -> Resource:
    """The Resource field of a Task: an ARN, or any other name that the caller knows a worker for."""
    name = _filled_in_later(fields.require("Resource"))
    if not isinstance(name, str) or not name:
        if fields.has("Resource"):
            fields.problem('"Resource" must be a non-empty string')
        return Resource("", "Task")
    if _OPEN_SUBSTITUTION.search(name):
        fields.problem(f'"Resource" holds a substitution that is not closed ("{name}")')
    if _LAMBDA_START.match(name):
        if not _LAMBDA.fullmatch(name):
            fields.problem(f'"Resource" is not the ARN of a function ("{name}")')
        return Resource(name, "LambdaFunction")
    if _ACTIVITY.fullmatch(name):
        return Resource(name, "Activity")
    integration = _INTEGRATION.fullmatch(name)
    if integration:
        return Resource(name, "Task", integration[2], integration[3])
    return Resource(name, "Task")
