"""One expression, evaluated here and by the second implementation of JSONata."""

import json
from dataclasses import dataclass
from random import Random
from typing import Any

from moto.stepfunctions.parser.asl.jsonata.jsonata import JSONataException

from libs.asl.errors import StateFailure
from libs.asl.jsonata import compile_jsonata
from tests.libs.asl.fuzz.bridge import evaluated
from tests.libs.asl.fuzz.expressions import INPUT, Expressions
from tests.libs.asl.scopes import FixedScope


@dataclass(frozen=True)
class Value:
    """What came of an expression; a failure is known by its words."""

    value: Any = None
    failure: str | None = None

    def same(self, other: "Value") -> bool:
        """Both failed, or both gave the same value; of numbers what a double keeps after a few steps counts."""
        if self.failure is not None or other.failure is not None:
            return self.failure is not None and other.failure is not None
        return json.dumps(_rounded(self.value), sort_keys=True) == json.dumps(_rounded(other.value), sort_keys=True)


def expression(seed: int) -> str:
    """The expression of a seed."""
    random = Random(f"expression {seed}")
    return Expressions(random).draw("any", random.randint(1, 4))


def here(text: str) -> Value:
    """What this project's JSONata makes of it."""
    try:
        return Value(compile_jsonata(f"{{% {text} %}}", "Output")({"input": INPUT}, FixedScope()))
    except StateFailure as failure:
        return Value(failure=failure.cause)


def there(text: str) -> Value:
    """What the other one makes of it."""
    bound = f"($states := {json.dumps({'input': INPUT})}; {text})"
    try:
        value = evaluated(bound)
        if value is None and not evaluated(f"$exists({bound})"):
            return Value(failure="nothing")
        return Value(value)
    except JSONataException as failure:
        return Value(failure=failure.details)


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _rounded(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_rounded(inner) for inner in value]
    return float(f"{value:.12g}") if type(value) in (int, float) else value
