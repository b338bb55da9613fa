"""The words that the API's contract has for a decision and its issues."""

from libs.events.models import ExecutionStatus


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


STATUSES = tuple(status.value for status in ExecutionStatus)
# What a person may be given while something about them is unresolved; each asks for a look or turns them away.
AT_BEST_REVIEW = frozenset({"REVIEW", "FAIL", "INCOMPLETE", "NEEDS_APPROVAL", "REJECTED", "BLOCKED", "URGENT"})

CATEGORIES = _words(
    "AML BAD_DATA BIOMETRICS BLOCKLISTED DECEASED DEVICE DOCUMENT DUPLICATE EXPIRY FRAUD IDV INFORMATIONAL KYC SYSTEM"
    " VERIFY VISA WATCHLIST ACTIVITY"
)
ISSUES = _words(
    "AML_ISSUE BAD_DATA_ADDRESS BAD_DATA_DOB BAD_DATA_EMAIL BAD_DATA_ID BAD_DATA_MOBILE BAD_DATA_NAME BLOCKED"
    " COMPROMISED_DOCUMENT CREDIT_HEADER DATA_COMPARISON DATA_CONSISTENCY DATA_VALIDATION DENY_LIST DECEASED"
    " DEVICE_FRAUD_MATCH DEVICE_INVALID DOCUMENT_COMPARISON DUPLICATE FRAUD_CHECK FRAUD_DEVICE FRAUD_IP_ADDRESS"
    " FRAUD_EMAIL_ADDRESS FRAUD_PHONE_NUMBER FRAUD_ISSUE FRAUD_LIST IMAGE_INTEGRITY INTERNAL_MATCH LIVENESS_DETECTION"
    " MATCHED_EXTERNAL MATCHED_INTERNAL MATCHED_SHARED MEDIA NOT_FOUND OCR PARTIAL PEP REQUIRES_AML REQUIRES_IDV"
    " REQUIRES_KYC REQUIRES_VISA SANCTION SERVICE_ERROR SERVICE_TIMEOUT VISA_FAILED VISUAL_AUTHENTICITY WATCHLIST"
    " ACTIVITY_AML ACTIVITY_FRAUD ACTIVITY_DEVICE"
)
SEVERITIES = frozenset({"INFO", "REVIEW", "BLOCK", "WARNING", "CRITICAL", "ERROR"})


def issue_problem(category: str, issue: str, severity: str) -> str | None:
    """What of an issue is not the contract's word; None where all is."""
    for word, known, what in (
        (category, CATEGORIES, "category"),
        (issue, ISSUES, "issue"),
        (severity, SEVERITIES, "severity"),
    ):
        if word not in known:
            return f'"{word}" is no {what} of the contract'
    return None
