"""Reading JSON that others wrote: what only some programs take for JSON is refused, in words for its author."""

import json
import math
from typing import Any


def parse(text: str | bytes, *, by_author: bool = False) -> Any:
    """The value; raises ValueError for what is no JSON, and for what nobody could hand on as JSON.

    What is written `by_author`, as a definition is, may not have a name twice in one object: one of them would be lost.
    """
    unique = _unique if by_author else None
    try:
        return json.loads(text, parse_float=_number, parse_constant=_refuse, object_pairs_hook=unique)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except (json.JSONDecodeError, UnicodeDecodeError, _Refused):
        raise
    except ValueError:
        # Python bounds the digits of a whole number.
        raise ValueError("a number has too many digits") from None


class _Refused(ValueError):
    """It reads as JSON to Python, and means nothing to others, or not the same."""


def _unique(members: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(members)
    if len(found) < len(members):
        names = [name for name, _ in members]
        twice = next(name for name in names if names.count(name) > 1)
        raise _Refused(f'"{twice}" stands twice in one object')
    return found


def _number(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise _Refused(f"{text[:40]} is larger than any number can be")
    return number


def _refuse(name: str) -> Any:
    raise _Refused(f"{name} is no number of JSON's")
