"""The functions that AWS adds to JSONata, and `$eval`, which it takes away."""

import hashlib
import json
import math
from collections.abc import Callable
from typing import Any

from libs.asl import seeded

_Function = Callable[..., Any]

# AWS's own bound on one range.
_MOST_ITEMS = 360_145
_ALGORITHMS = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}


class FunctionFailure(Exception):
    """A function was given what it cannot work on, with a code of JSONata's."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def _partition(items: list[Any] | None, size: float | None = None) -> list[Any] | None:
    """Parts of so many items; without a size one part, and of nothing nothing."""
    if not items:
        return None
    if size is None:
        return [items]
    if size < 0:
        raise FunctionFailure("D3137", "Second argument must be zero or greater")
    step = int(size)
    return [items[start : start + step] for start in range(0, len(items), step)] if step else None


def _range(first: float | None, last: float | None, step: float | None = None) -> Any:
    """Numbers up to and with the last. One number is no array, as in every sequence of JSONata's."""
    if first is None or last is None or not step or not int(step):
        return None
    numbers = range(int(first), int(last) + (1 if step > 0 else -1), int(step))
    if (int(last) - int(first)) // int(step) >= _MOST_ITEMS:
        raise FunctionFailure("U1001", f"A range would have more than {_MOST_ITEMS} items")
    return (numbers[0] if len(numbers) == 1 else list(numbers)) if numbers else None


def _hash(text: str | None, algorithm: str | None = None) -> str | None:
    if text is None or algorithm is None:
        return None
    name = _ALGORITHMS.get(algorithm)
    if name is None:
        raise FunctionFailure("D3137", f"Second argument must be one of {', '.join(_ALGORITHMS)}")
    return hashlib.new(name, text.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


def _parse(text: str | None) -> Any:
    if text is None:
        return None
    try:
        value = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise FunctionFailure("D3137", "The argument of $parse is not JSON") from None
    # To jlens None is nothing, and a number that is none is null.
    return math.nan if value is None else value


def _refuse(name: str) -> Any:
    raise ValueError(name)


def _eval(*_: Any) -> Any:
    raise FunctionFailure("T1006", "Attempted to invoke a non-function")


# Each with its signature, by which JSONata checks the arguments.
FUNCTIONS: dict[str, tuple[_Function, str | None]] = {
    "partition": (_partition, "<an?:a>"),
    "range": (_range, "<nnn?:a>"),
    "hash": (_hash, "<ss?:s>"),
    "parse": (_parse, "<s-:x>"),
    "eval": (_eval, None),
}


def random(seed: str) -> _Function:
    """`$random`: a number in [0, 1), another at each call; with an argument the one of the author's own seed."""
    draws = iter(range(1_000_000_000))

    def drawn(own: Any = None, *_: Any) -> float:
        if own is None:
            return seeded.fraction(f"{seed}/{next(draws)}")
        if isinstance(own, bool) or not isinstance(own, int | float):
            raise FunctionFailure("T0410", 'Argument 1 of function "random" does not match function signature')
        return _of_java(int(own))

    return drawn


def uuid(seed: str) -> _Function:
    """`$uuid`: a UUID of version 4, another at each call."""
    draws = iter(range(1_000_000_000))

    def drawn(*arguments: Any) -> str:
        if arguments:
            raise FunctionFailure("T0410", 'Argument 1 of function "uuid" does not match function signature')
        return seeded.uuid(f"{seed}/u{next(draws)}")

    return drawn


def _of_java(seed: int) -> float:
    """The first double of Java's random generator, which is what AWS gives for a seed."""
    mask = (1 << 48) - 1
    state = (seed ^ 0x5DEECE66D) & mask
    parts = []
    for bits in (26, 27):
        state = (state * 0x5DEECE66D + 0xB) & mask
        parts.append(state >> (48 - bits))
    return ((parts[0] << 27) + parts[1]) / (1 << 53)
