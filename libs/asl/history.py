"""The history of an execution, under AWS's own event names and details.

Payloads stand in the details as JSON values; AWS's API gives the same as JSON text.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

# AWS ends an execution that reaches this many history events; it is what bounds a machine that loops for ever.
EVENT_LIMIT = 25_000
EVENT_LIMIT_CAUSE = f"The execution reached the maximum number of history events ({EVENT_LIMIT})."

# The one type of event that AWS does not have: an execution goes on in another definition.
MIGRATED = "ExecutionMigrated"


class HistoryEvent(NamedTuple):
    """One thing that happened; `previous_event_id` is the event before it in the same branch."""

    id: int
    previous_event_id: int
    type: str
    timestamp: datetime
    details: Mapping[str, Any]


def without_nones(**details: Any) -> dict[str, Any]:
    """Details as AWS gives them: a field that has no value is absent."""
    return {name: value for name, value in details.items() if value is not None}
