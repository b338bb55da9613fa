"""What a store of files offers: named by its content, a file never changes, and none is kept twice."""

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from libs.blobs.media import HTML, JPEG, PDF, PNG, TEXT, UNKNOWN, XML, is_text, sniffed

# What people attach to a document; the largest that is taken.
PICTURES = frozenset({JPEG, PNG})
FILES = PICTURES | {PDF}
# What banks and accountants write besides: XML, pages with figures in them, tables, messages.
STATEMENTS = FILES | {XML, HTML, TEXT}
MAX_BYTES = 10_000_000
NAME = re.compile(r"[0-9a-f]{64}")


class Refused(ValueError):
    """The file is not kept; says why."""


class NoBlob(LookupError):
    """No file of this name is kept, or what is kept is another; says which."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What stands for a file on events: its name, what it is by its content, its bytes."""

    sha256: str
    mediaType: str
    size: int


class Blobs(Protocol):
    """A store of files. What cannot be reached raises OSError."""

    async def put(self, data: bytes, kinds: frozenset[str] = FILES) -> Reference:
        """Keep a file, again or for the first time; raises Refused for what is too large or of another kind."""

    async def get(self, sha256: str) -> bytes:
        """The file of this name; raises NoBlob."""

    async def remove(self, sha256: str) -> None:
        """Keep the file of this name no more; one that is not there is none."""


def reference(data: bytes, kinds: frozenset[str] = FILES) -> Reference:
    """What a file is kept as; raises Refused."""
    if not data:
        raise Refused("the file is empty")
    if len(data) > MAX_BYTES:
        raise Refused(f"{len(data):,} bytes are more than {MAX_BYTES:,}")
    kind = sniffed(data)
    if kind == UNKNOWN and TEXT in kinds and is_text(data):
        kind = TEXT
    if kind not in kinds:
        raise Refused(f"{kind} is none of {', '.join(sorted(kinds))}")
    return Reference(sha256(data).hexdigest(), kind, len(data))
