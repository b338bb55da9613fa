"""The limit on the size of a payload."""

import json
from typing import Any

import orjson

MAX_BYTES = 262_144

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def exceeds_limit(value: Any) -> bool:
    """The payload is more than 256 KiB of JSON in UTF-8, or nested deeper than anybody can write it down."""
    try:
        return len(orjson.dumps(value)) > MAX_BYTES
    except TypeError:  # deep nesting, lone surrogates, numbers of more than 64 bits
        return _exceeds_limit(value)


def _exceeds_limit(value: Any) -> bool:
    try:
        return len(_encode(value).encode("utf-8", "surrogatepass")) > MAX_BYTES
    except RecursionError:
        return True
