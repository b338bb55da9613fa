"""Which group of a summary each outcome of a step falls into."""

from collections.abc import Iterable

PASSED, FAILED, INCOMPLETE, NOT_APPLICABLE = "passed", "failed", "incomplete", "notApplicable"

GROUPS = {
    "PASS": PASSED,
    "COMPLETE": PASSED,
    "MATCH": PASSED,
    "CLEAR": PASSED,
    "CLEARED": PASSED,
    "HIT_ACCEPTED": PASSED,
    "FAIL": FAILED,
    "NO_MATCH": FAILED,
    "PARTIAL": FAILED,
    "HIT": FAILED,
    "HIT_REJECTED": FAILED,
    "CLEAR_REVIEW": FAILED,
    "EXPIRED": FAILED,
    "ERROR": FAILED,
    "UNCHECKED": INCOMPLETE,
    "MISSING_DATA": INCOMPLETE,
    "INCOMPLETE": INCOMPLETE,
    "SKIPPED": NOT_APPLICABLE,
    "NOT_APPLICABLE": NOT_APPLICABLE,
}


def grouped(steps: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """The steps in their order, each with its latest result, as the contract groups them."""
    latest = dict(steps)
    groups: dict[str, list[str]] = {"order": list(latest), PASSED: [], FAILED: [], INCOMPLETE: [], NOT_APPLICABLE: []}
    for name, result in latest.items():
        groups[GROUPS.get(result, INCOMPLETE)].append(name)
    return groups
