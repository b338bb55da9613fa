"""What several runs of a step, and what people said of its findings, come to: one result a step."""

from collections.abc import Iterable, Mapping, Sequence

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
AGREEING = ("MATCH", "CLEAR", "MANUAL")
BEST_FIRST = ("MATCH", "PASS", "CLEAR", "PARTIAL", "CLEAR_REVIEW")


# What a person said of a hit and leaves it open.
OPEN = (None, "TRUE_POSITIVE", "UNKNOWN")


def resolved(step_name: str, findings: Iterable[tuple[str, str | None]]) -> str | None:
    """The result of a step from its findings, each with what a person said of it; None where nobody said anything."""
    said = list(findings)
    if all(status is None for _, status in said):
        return None
    statuses = [status for _, status in said]
    if step_name in VERIFICATIONS:
        if "REJECTED" in statuses:
            return "FAIL"
        doubts = [status for result, status in said if result not in AGREEING]
        return "PASS" if all(status == "CLEAR" for status in doubts) else None
    hits = [status for result, status in said if result == "HIT"]
    if any(status and status.endswith("_REJECT") for status in hits):
        return "HIT_REJECTED"
    if any(status in OPEN for status in hits):
        return "HIT"
    return "HIT_ACCEPTED" if any(status and status.endswith("_ACCEPT") for status in hits) else "CLEARED"


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


def grouped(told: Mapping[str, str]) -> dict[str, list[str]]:
    """The steps, each with its one result, in their order as the contract groups them."""
    groups: dict[str, list[str]] = {"order": list(told), PASSED: [], FAILED: [], INCOMPLETE: [], NOT_APPLICABLE: []}
    for name, result in told.items():
        groups[GROUPS.get(result, INCOMPLETE)].append(name)
    return groups
