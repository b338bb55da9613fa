"""Two answers of a check to one request, and what their difference comes from."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from libs.events.models import ReferenceVersion, StepResult

# What has changed where a pinned version is another one now, by the beginning of its id.
CAUSES: Mapping[str, str] = {
    "individual": "the input",
    "evidence": "the recorded answers",
    "decision-policy/": "the rule set",
    "kyc-rulesets": "the rule set",
    "risk-profile/": "the risk profile",
    "risk-table/": "the risk table",
    "matcher/": "the matcher",
}
LIST, CODE = "the list version", "the check's own code"
SHOWN = 8
# What is another time or another token each time.
_TIMES = {"startedAt": True, "endedAt": True}
_NOT_COMPARED: Any = {
    **_TIMES,
    "references": True,
    "providers": {"__all__": _TIMES},
    "findings": {"__all__": {"processResultId": True}},
}


class Difference(NamedTuple):
    """What changed, and line by line from what to what."""

    cause: str
    lines: list[str]


def difference(recorded: StepResult, now: StepResult) -> Difference | None:
    """What an answer made now has that the recorded one has not; None where they are equal."""
    pins = changed_pins(recorded.references, now.references)
    values = list(_values(recorded.model_dump(mode="json", exclude=_NOT_COMPARED),
                          now.model_dump(mode="json", exclude=_NOT_COMPARED)))  # fmt: skip
    if not pins and not values:
        return None
    more = [f"and {len(values) - SHOWN} more"] if len(values) > SHOWN else []
    return Difference(cause_of(pins), [*map(pin_line, pins), *values[:SHOWN], *more])


def changed_pins(
    recorded: Iterable[ReferenceVersion], now: Iterable[ReferenceVersion]
) -> list[tuple[ReferenceVersion, ReferenceVersion | None]]:
    """Each pinned version that is another one now, or none."""
    current = {one.id: one for one in now}
    return [(one, current.get(one.id)) for one in recorded if _content(current.get(one.id)) != _content(one)]


def cause_of(pins: Iterable[tuple[ReferenceVersion, ReferenceVersion | None]]) -> str:
    """What the first changed version is a version of; the code where none has changed."""
    for recorded, _ in pins:
        return next((cause for start, cause in CAUSES.items() if recorded.id.startswith(start)), LIST)
    return CODE


def pin_line(pin: tuple[ReferenceVersion, ReferenceVersion | None]) -> str:
    """A version that was pinned, and what is there now."""
    recorded, now = pin
    return f"{recorded.id}: {_version(recorded)} → {_version(now) if now else 'none'}"


def _content(one: ReferenceVersion | None) -> str | None:
    return None if one is None else one.sha256.lower()


def _version(one: ReferenceVersion) -> str:
    return f"{one.version} (sha256 {one.sha256[:12]})"


def _values(recorded: Any, now: Any, path: str = "") -> Iterable[str]:
    """Where two documents differ, each leaf with both values."""
    if isinstance(recorded, dict) and isinstance(now, dict):
        for name in dict.fromkeys((*recorded, *now)):
            yield from _values(recorded.get(name), now.get(name), f"{path}.{name}" if path else name)
    elif isinstance(recorded, list) and isinstance(now, list) and len(recorded) == len(now):
        for number, (before, after) in enumerate(zip(recorded, now, strict=True)):
            yield from _values(before, after, f"{path}[{number}]")
    elif recorded != now:
        yield f"{path}: {_short(recorded)} → {_short(now)}"


def _short(value: Any) -> str:
    if isinstance(value, list):
        return f"{len(value)} of them"
    told = "none" if value is None else str(value)
    return told if len(told) <= 120 else f"{told[:119]}…"
