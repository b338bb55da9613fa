"""One line in, one line out: what `compare --jsonl` makes of each line of JSON."""

from collections.abc import Mapping
from typing import Any

from libs.events.jsonl import PAIR, answered, sides
from services.duplicates.compare import Comparison, compare
from services.duplicates.given import Given, person
from services.duplicates.weights import Weights

SIDES = ("left", "right")


def compare_line(line: bytes, weights: Weights) -> str:
    """`{"left", "right"}` → `{"score", "match", "explanation"}` or `{"error"}`, as JSON."""

    def told(asked: Mapping[str, Any]) -> dict[str, Any]:
        left, right = (person(side, name) for name, side in zip(SIDES, sides(asked), strict=True))
        return _told(compare(left.traits, right.traits, weights), weights, left, right)

    return answered(line, told, PAIR)


def _told(comparison: Comparison, weights: Weights, left: Given, right: Given) -> dict[str, Any]:
    features: list[dict[str, Any]] = [
        {"feature": feature.field, "level": feature.level, "strength": feature.strength, "weight": feature.weight}
        for feature in comparison.features
    ]
    ignored = {f"{name}.{field}": why for name, side in zip(SIDES, (left, right), strict=True)
               for field, why in side.ignored.items()}  # fmt: skip
    features += [{"feature": name, "level": why, "strength": None, "weight": 0.0} for name, why in ignored.items()]
    return {"score": comparison.score, "match": comparison.score >= weights.likely.pair, "explanation": features}
