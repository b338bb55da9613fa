"""The limit on the size of a payload, and sizes that are kept instead of being taken again and again."""

import json
from typing import Any

import orjson

MAX_BYTES = 262_144

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def bytes_of(value: Any) -> int:
    """How many bytes of JSON in UTF-8 a value takes; what is nested too deeply to be written is over any limit."""
    try:
        return len(orjson.dumps(value))
    except orjson.JSONEncodeError:
        # Numbers beyond 64 bits, lone surrogates, deep nesting: rare, and the standard library can write them.
        return _slowly(value)


def _slowly(value: Any) -> int:
    try:
        return len(_encode(value).encode("utf-8", "surrogatepass"))
    except RecursionError:
        return MAX_BYTES + 1


class Known:
    """Payloads that were measured when they came in. What is put together of them is at most the sum of its parts."""

    __slots__ = ("_payload", "_payload_bytes", "_result", "_result_bytes")

    def __init__(self, payload: Any, payload_bytes: int) -> None:
        self._payload = self._result = payload
        self._payload_bytes = self._result_bytes = payload_bytes

    def add(self, result: Any, size: int) -> None:
        """The result of the state is known, too."""
        self._result, self._result_bytes = result, size

    def bytes_of(self, value: Any) -> int:
        """At most so many bytes: known, or measured."""
        if value is self._payload:
            return self._payload_bytes
        if value is self._result:
            return self._result_bytes
        return bytes_of(value)
