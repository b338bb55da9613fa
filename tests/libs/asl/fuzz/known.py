"""Differences that are moto's: each with how it is known, and why AWS does as we do.

Left out of the generators, as moto is wrong there in many ways: filters in paths, `\\{` in States.Format and `\\*` in
StringMatches, null among the arguments of a function, a field of one element (`$.a[0].b`, given as a list), timestamps
compared with what is none, `$` in the Assign of a Choice rule; in JSONata `$` inside an expression, an ItemSelector
that is one expression, an Output that reads what the Assign beside it sets.
Left out, too, as nobody here knows what AWS does: Parameters that fail in a Pass whose Result does not need them.
"""

import json
import re
from collections.abc import Callable
from typing import NamedTuple

from tests.libs.asl.fuzz.told import Told

_NO_PATH = re.compile(r"Invalid path|could not be found|must be an array|does not reference|cannot be parsed")
_CRASHED = re.compile(r"\w+(Error|Exception)\(|.*Custom Error Names MUST NOT")


def _without_unscheduled(types: list[str]) -> list[str]:
    kept: list[str] = []
    for name in types:
        if (name, kept[-1:]) != ("TaskFailed", ["TaskStateEntered"]):
            kept.append(name)
    return kept


class Known(NamedTuple):
    """A kind of difference."""

    name: str
    reason: str
    fits: Callable[[Told, Told], bool]


def _evaluation(ours: Told, theirs: Told) -> bool:
    """They are the same up to the state whose expression could not be evaluated."""
    if "EvaluationFailed" not in ours.types:
        return False
    before = ours.types[: ours.types.index("EvaluationFailed")]
    entered = sum(name.endswith("StateEntered") for name in before)
    at_once = any(name.startswith("Parallel") for name in before)
    return at_once or ours.entered[:entered] == theirs.entered[:entered]


KNOWN = (
    Known(
        "evaluation",
        "An expression that cannot be evaluated, or whose value is of no use to its field, is "
        "States.QueryEvaluationError, told once. moto gives an exception of its own, tells twice of a value that is "
        "nothing, or takes what there is.",
        _evaluation,
    ),
    Known(
        "path",
        "A path that leads nowhere is States.Runtime, which nothing catches. moto fails the state with an error "
        '"Exception", which States.ALL catches, tells of a task that never began, and takes a missing variable of a '
        "Choice for one that does not fit.",
        lambda ours, theirs: ours.error == "States.Runtime" and bool(_NO_PATH.search(ours.cause or "")),
    ),
    Known(
        "no choice",
        "A Choice where nothing fits, and that has no Default, is States.Runtime, which moto catches.",
        lambda ours, theirs: "Failed to transition out of the state" in (ours.cause or ""),
    ),
    Known(
        "crash",
        "An exception of moto's own, which it gives as States.Runtime: an intrinsic "
        "function cannot work on its arguments, a variable in JSONata is a text with quotes, or States.Runtime is "
        "compared with the errors of a Catch.",
        lambda ours, theirs: theirs.error == "States.Runtime" and bool(_CRASHED.match(theirs.cause or "")),
    ),
    Known(
        "unscheduled",
        "What fails before a task is scheduled is told of by moto as a failed task.",
        lambda ours, theirs: ours.entered == theirs.entered and _without_unscheduled(theirs.types) == ours.types,
    ),
    Known(
        "intrinsic",
        "An intrinsic function that cannot work on its arguments is States.IntrinsicFailure.",
        lambda ours, theirs: "States.IntrinsicFailure" in (ours.error or json.dumps(ours.output)),
    ),
    Known(
        "result path",
        "A ResultPath through something that is no object is States.ResultPathMatchFailure; moto overwrites it.",
        lambda ours, theirs: "States.ResultPathMatchFailure" in (ours.error or json.dumps(ours.output)),
    ),
)


def known(ours: Told, theirs: Told) -> Known | None:
    """The kind of a difference; None for one that nobody has looked at."""
    return next((one for one in KNOWN if one.fits(ours, theirs)), None)
