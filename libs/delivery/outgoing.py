"""What is on its way, as who delivers it needs to know it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A delivery that was claimed; of one `receiver` only so many are under way at a time."""

    id: int | str
    receiver: str
    url: str
    notification_id: str
    body: bytes
    traceparent: str | None
    attempts: int
    tried_since: datetime
