"""Timestamps of the language: RFC 3339 with a capital T, and Z or an offset."""

import re
from datetime import UTC, datetime, timedelta

_TIMESTAMP = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)")


def parse_timestamp(text: object) -> datetime | None:
    """The time that a text names; None where it is no timestamp. Fractions finer than a microsecond are cut off."""
    match = _TIMESTAMP.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        return None
    fraction = (match[2] or "0")[:6].ljust(6, "0")
    offset = "+00:00" if match[3] == "Z" else match[3]
    try:
        return datetime.fromisoformat(f"{match[1]}.{fraction}{offset}").astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def format_timestamp(time: datetime) -> str:
    """As the context object shows it: UTC, to the millisecond."""
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


_END_OF_TIME = datetime.max.replace(tzinfo=UTC)


def after(now: datetime, seconds: float) -> datetime:
    """So many seconds from now, or the end of time."""
    try:
        return now + timedelta(seconds=seconds)
    except OverflowError:
        return _END_OF_TIME
