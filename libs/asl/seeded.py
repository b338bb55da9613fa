"""Values that look random, and are the same at every replay: they depend on their seed only."""

import hashlib
from uuid import UUID


def fraction(seed: str) -> float:
    """A number in [0, 1) that looks random and depends on the seed only."""
    return int.from_bytes(_digest(seed)[:6], "big") / 2**48


def uuid(seed: str) -> str:
    """A UUID of version 4."""
    return str(UUID(bytes=_digest(seed)[:16], version=4))


def _digest(seed: str) -> bytes:
    return hashlib.sha256(seed.encode()).digest()
