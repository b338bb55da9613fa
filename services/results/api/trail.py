"""What a write leaves behind it for the audit."""

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(slots=True)
class Trail:
    """Filled by the operation before it writes; what it leaves out is taken from the event that it publishes."""

    before: Json | None = None
    after: Json | None = None
    reason: str | None = None
    entity_id: str | None = None
    execution_id: str | None = None
    written: bool = False
    secret: bool = False
    """The answer has what stands nowhere: a repeat is done again, under the same ids, instead of being kept."""
