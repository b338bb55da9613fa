"""The 18 intrinsic functions."""

import base64
import binascii
import hashlib
import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from libs.asl import seeded
from libs.asl.errors import intrinsic_failure
from libs.asl.scope import Scope

Run = Callable[[Scope, list[Any]], Any]


def _format(scope: Scope, arguments: list[Any]) -> str:
    template = _string("States.Format", arguments[0])
    parts = re.split(r"(\\[{}]|\{\})", template)
    values = iter(arguments[1:])
    if sum(part == "{}" for part in parts) != len(arguments) - 1:
        raise intrinsic_failure("States.Format: the number of {} and the number of values differ.")
    return "".join(_shown(next(values)) if part == "{}" else re.sub(r"^\\([{}])$", r"\1", part) for part in parts)


def _shown(value: Any) -> str:
    """A value inside a formatted text: objects look like Java's maps, as they do on AWS."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}={_shown(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_shown(item) for item in value) + "]"
    return json.dumps(value)


def _string_to_json(scope: Scope, arguments: list[Any]) -> Any:
    try:
        return json.loads(_string("States.StringToJson", arguments[0]), parse_constant=_refuse_constant)
    except ValueError:
        raise intrinsic_failure("States.StringToJson: the text is not JSON.") from None


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)


def _json_to_string(scope: Scope, arguments: list[Any]) -> str:
    return json.dumps(arguments[0], ensure_ascii=False, separators=(",", ":"))


def _array(scope: Scope, arguments: list[Any]) -> list[Any]:
    return arguments


def _array_partition(scope: Scope, arguments: list[Any]) -> list[Any]:
    items = _list("States.ArrayPartition", arguments[0])
    size = _rounded("States.ArrayPartition", arguments[1])
    if size < 1:
        raise intrinsic_failure("States.ArrayPartition: the size must be at least 1.")
    return [items[start : start + size] for start in range(0, len(items), size)]


def _array_contains(scope: Scope, arguments: list[Any]) -> bool:
    wanted = _identity(arguments[1])
    return any(_identity(item) == wanted for item in _list("States.ArrayContains", arguments[0]))


def _array_range(scope: Scope, arguments: list[Any]) -> list[int]:
    first, last, step = (_rounded("States.ArrayRange", argument) for argument in arguments)
    if step == 0:
        raise intrinsic_failure("States.ArrayRange: the step must not be 0.")
    numbers = range(first, last + (1 if step > 0 else -1), step)
    if len(numbers) > 1000:
        raise intrinsic_failure("States.ArrayRange: the range has more than 1000 items.")
    return list(numbers)


def _array_get_item(scope: Scope, arguments: list[Any]) -> Any:
    items = _list("States.ArrayGetItem", arguments[0])
    index = _rounded("States.ArrayGetItem", arguments[1])
    if not 0 <= index < len(items):
        raise intrinsic_failure(f"States.ArrayGetItem: there is no item {index}.")
    return items[index]


def _array_length(scope: Scope, arguments: list[Any]) -> int:
    return len(_list("States.ArrayLength", arguments[0]))


def _array_unique(scope: Scope, arguments: list[Any]) -> list[Any]:
    unique: dict[str, Any] = {}
    for item in _list("States.ArrayUnique", arguments[0]):
        unique.setdefault(_identity(item), item)
    return list(unique.values())


def _identity(value: Any) -> str:
    """Equal JSON has equal text; in Python `1 == True`, in JSON not."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value, sort_keys=True)


_ENCODING_LIMIT = 10_000


def _base64_encode(scope: Scope, arguments: list[Any]) -> str:
    return base64.b64encode(_short("States.Base64Encode", arguments[0]).encode()).decode()


def _base64_decode(scope: Scope, arguments: list[Any]) -> str:
    try:
        return base64.b64decode(_short("States.Base64Decode", arguments[0]), validate=True).decode()
    except (binascii.Error, ValueError):
        raise intrinsic_failure("States.Base64Decode: the text is not base64 of UTF-8.") from None


_ALGORITHMS = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}


def _hash(scope: Scope, arguments: list[Any]) -> str:
    algorithm = _ALGORITHMS.get(_string("States.Hash", arguments[1]))
    if algorithm is None:
        raise intrinsic_failure(f"States.Hash: the algorithm must be one of {', '.join(_ALGORITHMS)}.")
    data = arguments[0]
    text = _short("States.Hash", data if isinstance(data, str) else _json_to_string(scope, [data]))
    return hashlib.new(algorithm, text.encode(), usedforsecurity=False).hexdigest()


def _json_merge(scope: Scope, arguments: list[Any]) -> dict[str, Any]:
    first, second, deep = arguments
    if deep is not False:
        raise intrinsic_failure("States.JsonMerge: only the shallow merge exists; the third argument must be false.")
    if not isinstance(first, dict) or not isinstance(second, dict):
        raise intrinsic_failure("States.JsonMerge: the first two arguments must be objects.")
    return {**first, **second}


def _math_random(scope: Scope, arguments: list[Any]) -> int:
    """A number from start to before end, the same at every replay; a third argument is the author's own seed."""
    start, end = (_rounded("States.MathRandom", argument) for argument in arguments[:2])
    if start >= end:
        raise intrinsic_failure("States.MathRandom: the start must be below the end.")
    seed = f"{_rounded('States.MathRandom', arguments[2])}" if len(arguments) == 3 else scope.seed()
    return start + int(seeded.fraction(seed) * (end - start))


def _math_add(scope: Scope, arguments: list[Any]) -> int:
    return _rounded("States.MathAdd", arguments[0]) + _rounded("States.MathAdd", arguments[1])


def _string_split(scope: Scope, arguments: list[Any]) -> list[str]:
    """Every character of the delimiter splits, and empty parts are left out, as on AWS."""
    text, delimiter = (_string("States.StringSplit", argument) for argument in arguments)
    if not delimiter:
        return [text]
    return [part for part in re.split(f"[{re.escape(delimiter)}]", text) if part]


def _uuid(scope: Scope, arguments: list[Any]) -> str:
    return seeded.uuid(scope.seed())


def _string(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise intrinsic_failure(f"{name}: a string is expected.")
    return value


def _short(name: str, value: Any) -> str:
    text = _string(name, value)
    if len(text) > _ENCODING_LIMIT:
        raise intrinsic_failure(f"{name}: the text is longer than {_ENCODING_LIMIT} characters.")
    return text


def _list(name: str, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise intrinsic_failure(f"{name}: an array is expected.")
    return value


def _rounded(name: str, value: Any) -> int:
    """Halves go up, towards positive infinity, as AWS rounds."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise intrinsic_failure(f"{name}: a number is expected.")
    return value if isinstance(value, int) else math.floor(value + 0.5)


@dataclass(frozen=True, slots=True)
class _Function:
    run: Run
    least: int
    most: float

    def arity(self) -> str:
        if self.most == math.inf:
            return f"at least {self.least} arguments"
        return f"{self.least} arguments" if self.least == self.most else f"{self.least} to {self.most} arguments"


FUNCTIONS = {
    "States.Format": _Function(_format, 1, math.inf),
    "States.StringToJson": _Function(_string_to_json, 1, 1),
    "States.JsonToString": _Function(_json_to_string, 1, 1),
    "States.Array": _Function(_array, 0, math.inf),
    "States.ArrayPartition": _Function(_array_partition, 2, 2),
    "States.ArrayContains": _Function(_array_contains, 2, 2),
    "States.ArrayRange": _Function(_array_range, 3, 3),
    "States.ArrayGetItem": _Function(_array_get_item, 2, 2),
    "States.ArrayLength": _Function(_array_length, 1, 1),
    "States.ArrayUnique": _Function(_array_unique, 1, 1),
    "States.Base64Encode": _Function(_base64_encode, 1, 1),
    "States.Base64Decode": _Function(_base64_decode, 1, 1),
    "States.Hash": _Function(_hash, 2, 2),
    "States.JsonMerge": _Function(_json_merge, 3, 3),
    "States.MathRandom": _Function(_math_random, 2, 3),
    "States.MathAdd": _Function(_math_add, 2, 2),
    "States.StringSplit": _Function(_string_split, 2, 2),
    "States.UUID": _Function(_uuid, 0, 0),
}
