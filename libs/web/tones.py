"""Which of five tones a word of a status is shown in; the word itself is always there, too."""

GOOD = {
    *("PASS", "PASSED", "APPROVED", "CLEAR", "CLEARED", "COMPLETE", "COMPLETED", "MATCH", "HIT_ACCEPTED", "LOW"),
    *("SUCCEEDED", "DONE", "ACTIVE", "LIVE", "VERIFIED", "READY", "ENABLED", "PUBLISHED", "DELIVERED", "ACCEPTED"),
}
BAD = {
    *("FAIL", "FAILED", "REJECTED", "BLOCKED", "NO_MATCH", "HIT_REJECTED", "UNACCEPTABLE", "ERROR", "INVALID_MATCH"),
    *("BAD_DATA", "OVERDUE", "EXPIRED", "TIMED_OUT", "ABORTED", "VERY_HIGH", "HIGH", "DEAD", "LOCKED", "QUARANTINED"),
}
OPEN = {
    *("REVIEW", "WAITING", "PENDING", "HIT", "POSSIBLE_MATCH", "INCOMPLETE", "MEDIUM", "MISSING_DATA", "HELD"),
    *("NEEDS_RESUBMISSION", "RESUBMISSION", "UNCHECKED", "STALE", "NEEDS_APPROVAL", "LAGGING"),
}
NEWS = {"NEW", "RUNNING", "IN_PROGRESS", "ASSIGNED", "OPEN", "STARTED", "MINE"}


def tone(word: object) -> str:
    """`good`, `bad`, `open`, `news` or `plain`."""
    name = str(word).upper().replace(" ", "_").replace("-", "_")
    named = {"good": GOOD, "bad": BAD, "open": OPEN, "news": NEWS}
    return next((one for one, words in named.items() if name in words), "plain")
