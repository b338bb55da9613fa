"""One line in, one line out: what `compare --jsonl` makes of each line of JSON."""

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from services.duplicates.compare import Comparison, compare
from services.duplicates.given import BadPerson, Given, person
from services.duplicates.weights import Weights

SIDES = ("left", "right")


class BadLine(ValueError):
    """A line that is not what the command reads."""


def compare_line(line: bytes, weights: Weights) -> str:
    """`{"left", "right"}` → `{"score", "match", "explanation"}` or `{"error"}`, as JSON: no line ends the run."""
    try:
        left, right = (person(side, name) for name, side in zip(SIDES, _sides(line), strict=True))
        return json.dumps(_told(compare(left.traits, right.traits, weights), weights, left, right), allow_nan=False)
    except (BadLine, BadPerson) as bad:
        return json.dumps({"error": str(bad)})
    except Exception as bug:
        return json.dumps({"error": f"this line cannot be worked on: {type(bug).__name__}: {bug}"})


def _told(comparison: Comparison, weights: Weights, left: Given, right: Given) -> dict[str, Any]:
    features: list[dict[str, Any]] = [
        {"feature": feature.field, "level": feature.level, "strength": feature.strength, "weight": feature.weight}
        for feature in comparison.features
    ]
    ignored = {f"{name}.{field}": why for name, side in zip(SIDES, (left, right), strict=True)
               for field, why in side.ignored.items()}  # fmt: skip
    features += [{"feature": name, "level": why, "strength": None, "weight": 0.0} for name, why in ignored.items()]
    return {"score": comparison.score, "match": comparison.score >= weights.likely.pair, "explanation": features}


def _sides(line: bytes) -> tuple[Any, Any]:
    if not line.strip():
        raise BadLine("the line is empty")
    try:
        asked = json.loads(line, parse_constant=_refused)
    except (ValueError, RecursionError) as error:
        raise BadLine(f"a line must be JSON: {error}") from None
    if not isinstance(asked, Mapping):
        raise BadLine('a line must be an object with "left" and "right"')
    for side in SIDES:
        if side not in asked:
            raise BadLine(f'"{side}" is missing')
    return asked["left"], asked["right"]


def _refused(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")
