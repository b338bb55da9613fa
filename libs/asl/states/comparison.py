"""The comparison operators of Choice rules: (a value of the input, what it is compared with) → whether they agree."""

import operator
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from libs.asl.timestamps import parse_timestamp

Comparison = Callable[[Any, Any], bool]


def is_numeric(value: Any) -> bool:
    """A JSON number; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_string(value: Any) -> bool:
    """A JSON string."""
    return isinstance(value, str)


def is_boolean(value: Any) -> bool:
    """true or false."""
    return isinstance(value, bool)


def is_null(value: Any) -> bool:
    """null."""
    return value is None


def is_timestamp(value: Any) -> bool:
    """A string that is a timestamp."""
    return parse_timestamp(value) is not None


def string_matches(value: Any, pattern: Any) -> bool:
    r"""The string fits a pattern where `*` stands for any characters; `\*` is a star, `\\` a backslash."""
    if not isinstance(value, str) or not isinstance(pattern, str):
        return False
    parts = literal_parts(pattern)
    if len(parts) == 1:
        return value == parts[0]
    first, *middle, last = parts
    if len(value) < len(first) + len(last) or not value.startswith(first) or not value.endswith(last):
        return False
    # Taking each part at its first place is enough, and keeps the time linear whatever the pattern.
    at, end = len(first), len(value) - len(last)
    for part in middle:
        found = value.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True


@lru_cache(maxsize=1024)
def literal_parts(pattern: str) -> Sequence[str]:
    """The texts between the wildcards."""
    parts, at = [""], 0
    while at < len(pattern):
        character = pattern[at]
        if character == "\\" and pattern[at + 1 : at + 2] in ("*", "\\"):
            at += 1
            parts[-1] += pattern[at]
        elif character == "*":
            parts.append("")
        else:
            parts[-1] += character
        at += 1
    return parts


def _same_kind(is_kind: Callable[[Any], bool], compare: Callable[[Any, Any], Any]) -> Comparison:
    return lambda value, other: is_kind(value) and is_kind(other) and bool(compare(value, other))


def _timestamps(compare: Callable[[Any, Any], Any]) -> Comparison:
    def compared(value: Any, other: Any) -> bool:
        time, other_time = parse_timestamp(value), parse_timestamp(other)
        return time is not None and other_time is not None and bool(compare(time, other_time))

    return compared


_ORDERS: dict[str, Callable[[Any, Any], Any]] = {
    "Equals": operator.eq,
    "LessThan": operator.lt,
    "LessThanEquals": operator.le,
    "GreaterThan": operator.gt,
    "GreaterThanEquals": operator.ge,
}

# Operators that may also take what they compare with from a path, as `<name>Path`.
COMPARISONS: dict[str, Comparison] = {
    "BooleanEquals": _same_kind(is_boolean, operator.eq),
    **{f"String{name}": _same_kind(is_string, order) for name, order in _ORDERS.items()},
    **{f"Numeric{name}": _same_kind(is_numeric, order) for name, order in _ORDERS.items()},
    **{f"Timestamp{name}": _timestamps(order) for name, order in _ORDERS.items()},
}

# What the operand of each family of operators must be.
OPERANDS: dict[str, Callable[[Any], bool]] = {
    "Boolean": is_boolean,
    "String": is_string,
    "Numeric": is_numeric,
    "Timestamp": is_timestamp,
}

TYPE_TESTS: dict[str, Callable[[Any], bool]] = {
    "IsBoolean": is_boolean,
    "IsNull": is_null,
    "IsNumeric": is_numeric,
    "IsString": is_string,
    "IsTimestamp": is_timestamp,
}
