"""moto's JSONata, which its package leaves out, by an implementation of JSONata other than ours."""

import json
from typing import Any

from jsonata import Jsonata
from moto.stepfunctions.parser.asl.jsonata import jsonata as of_moto


def bridge() -> None:
    """For the rest of the process."""
    of_moto._eval_jsonata = evaluated


def evaluated(expression: str) -> Any:
    """The value of an expression that reads nothing: moto writes the variables into it. Nothing is None, as null is."""
    try:
        return json.loads(json.dumps(Jsonata(expression).evaluate(None)))
    except Exception as error:
        raise of_moto.JSONataException("UNKNOWN", str(error)) from None
