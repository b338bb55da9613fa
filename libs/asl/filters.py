"""Filters of JSONPath: what python-jsonpath does more than AWS, or without a bound, is done here.

A regular expression that goes back and forth takes its time: ours is bounded by steps, as JSONata is.
"""

import re
from functools import lru_cache
from typing import Any

import jlens
import jsonpath

# About half a second at most.
_MOST_STEPS = 20_000
_OF_RFC_9535 = ("match", "search", "value", "isinstance", "is", "typeof", "type", "startswith")


class TooManySteps(jsonpath.JSONPathError):
    """A regular expression takes longer than it may."""


class Environment(jsonpath.JSONPathEnvironment):
    """Filters as AWS has them: no functions of RFC 9535."""

    def setup_function_extensions(self) -> None:
        super().setup_function_extensions()
        for name in _OF_RFC_9535:
            self.function_extensions.pop(name, None)

    def compare(self, left: object, operator: str, right: object) -> bool:
        if operator == "=~":
            return isinstance(left, str) and isinstance(right, re.Pattern) and _matches(right, left)
        return bool(super().compare(left, operator, right))


def _matches(pattern: re.Pattern[str], text: str) -> bool:
    """The whole text fits the pattern."""
    try:
        return bool(_compiled(pattern).evaluate(None, {"text": text}, max_steps=_MOST_STEPS))
    except jlens.JlensError as error:
        raise TooManySteps(str(error)) from None


@lru_cache(maxsize=256)
def _compiled(pattern: re.Pattern[str]) -> Any:
    flags = "".join(name for flag, name in ((re.I, "i"), (re.M, "m"), (re.S, "s")) if pattern.flags & flag)
    group = f"(?{flags}:{pattern.pattern})" if flags else f"(?:{pattern.pattern})"
    return jlens.Expression(f"$contains($text, /^{group}$/)")
