"""Request ids: time and chance in 26 letters, sorted by time (ULID)."""

import secrets
import time
from typing import cast

from fastapi import Request

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def ulid(milliseconds: int, chance: int) -> str:
    """48 bits of time and 80 of chance."""
    number = (milliseconds << 80) | chance
    return "".join(ALPHABET[(number >> shift) & 31] for shift in range(125, -1, -5))


def request_id(request: Request) -> str:
    """The id of this request, the same however often it is asked for."""
    if not hasattr(request.state, "request_id"):
        request.state.request_id = ulid(time.time_ns() // 1_000_000, secrets.randbits(80))
    return cast(str, request.state.request_id)
