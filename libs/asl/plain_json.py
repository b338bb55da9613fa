"""Reading JSON that others wrote: what only some programs take for JSON is refused, in words for its author."""

import json
import math
from typing import Any


def parse(text: str | bytes) -> Any:
    """The value; raises ValueError for what is no JSON, and for what nobody could hand on as JSON."""
    try:
        return json.loads(text, parse_float=_number, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except (json.JSONDecodeError, UnicodeDecodeError, _NotANumber):
        raise
    except ValueError:
        # Python bounds the digits of a whole number.
        raise ValueError("a number has too many digits") from None


class _NotANumber(ValueError):
    """A number that JSON, or a double, does not have."""


def _number(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise _NotANumber(f"{text[:40]} is larger than any number can be")
    return number


def _refuse(name: str) -> Any:
    raise _NotANumber(f"{name} is no number of JSON's")
