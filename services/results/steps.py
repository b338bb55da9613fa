"""What several runs of a step, and what people said of its findings, come to: one result a step."""

from collections.abc import Iterable, Sequence

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
# What no source said: it speaks for a step only where nothing that was answered comes after it.
UNANSWERED = ("ERROR", "INCOMPLETE")
# A list that does not know a person takes nothing from another that does: the gravest of a screening counts.
SCREENINGS = ("AML", "BLOCKLIST", "DUPLICATE")
GRAVEST_FIRST = ("HIT_REJECTED", "HIT", "CLEAR_REVIEW", "MISSING_DATA", "HIT_ACCEPTED", "CLEARED")
# A verification is run again elsewhere where a first source could not verify: the best counts.
VERIFICATIONS = ("KYC", "IDV")
BEST_FIRST = ("MATCH", "PASS", "CLEAR", "PARTIAL", "CLEAR_REVIEW")


def combined(step_name: str, results: Sequence[str]) -> str:
    """The result of a step from those of its runs, at least one, in their order."""
    counted = [one for at, one in enumerate(results) if one not in UNANSWERED or at == len(results) - 1]
    order = GRAVEST_FIRST if step_name in SCREENINGS else BEST_FIRST if step_name in VERIFICATIONS else ()
    return next((result for result in order if result in counted), counted[-1])


def runs(steps: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The steps in the order of their first run, each with its one result."""
    several: dict[str, list[str]] = {}
    for name, result in steps:
        several.setdefault(name, []).append(result)
    return {name: combined(name, results) for name, results in several.items()}


def grouped(steps: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """The steps in their order as the contract groups them."""
    told = runs(steps)
    groups: dict[str, list[str]] = {"order": list(told), PASSED: [], FAILED: [], INCOMPLETE: [], NOT_APPLICABLE: []}
    for name, result in told.items():
        groups[GROUPS.get(result, INCOMPLETE)].append(name)
    return groups
