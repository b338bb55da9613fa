"""Service integrations: what a Task of a machine written for AWS calls, and the form in which it expects the answer.

A Lambda function is called by its ARN, by the integration `lambda:invoke` (its name and payload in the parameters, its
answer in an envelope), or by the SDK's, where payloads are JSON text.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_INVOKE = ":::lambda:invoke"
_SDK_INVOKE = ":::aws-sdk:lambda:invoke"
_TOKEN = ".waitForTaskToken"


@dataclass(frozen=True, slots=True)
class Call:
    """A resource, the Lambda function that is meant where it is one, and what it is given."""

    resource: str
    function: str | None
    payload: Any


def call_of(resource: str, parameters: Any) -> Call:
    """What a task with these effective parameters calls."""
    if resource.removesuffix(_TOKEN).endswith((_INVOKE, _SDK_INVOKE)):
        asked = parameters if isinstance(parameters, Mapping) else {}
        return Call(resource, _function(asked.get("FunctionName")), _payload(resource, asked.get("Payload", {})))
    return Call(resource, _function(resource) if ":function:" in resource else None, parameters)


def answer_to(resource: str, output: Any) -> Any:
    """A function's output as the resource hands it on; who answers with a task token answers bare."""
    if resource.endswith(_SDK_INVOKE):
        return {"ExecutedVersion": "$LATEST", "Payload": json.dumps(output), "StatusCode": 200}
    if resource.endswith(_INVOKE):
        return {"ExecutedVersion": "$LATEST", "Payload": output, "StatusCode": 200}
    return output


def _function(name: Any) -> str | None:
    """The plain name of a function given by name or ARN, with or without a version."""
    if not isinstance(name, str):
        return None
    return name.rpartition("function:")[2].split(":")[0]


def _payload(resource: str, payload: Any) -> Any:
    if ":aws-sdk:" in resource and isinstance(payload, str):
        try:
            return json.loads(payload)
        except ValueError:
            return payload
    return payload
