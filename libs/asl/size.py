"""The limit on the size of a payload."""

import json
from typing import Any

MAX_BYTES = 262_144

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def exceeds_limit(value: Any) -> bool:
    """The payload is more than 256 KiB of JSON in UTF-8, or nested deeper than anybody can write it down."""
    try:
        text = _encode(value)
    except RecursionError:
        return True
    if len(text) > MAX_BYTES:
        return True
    # A character takes at most four bytes: short texts need no encoding to be known to fit.
    return len(text) > MAX_BYTES // 4 and not text.isascii() and len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES
