"""The policy of the check: what each thing found about a document means."""

from dataclasses import dataclass

from libs.events.models import Issue, ProcessResultCode, StepResultCode

MATCH, PARTIAL_MATCH = ProcessResultCode.MATCH, ProcessResultCode.PARTIAL_MATCH
NO_MATCH, INVALID, BAD = ProcessResultCode.NO_MATCH, ProcessResultCode.INVALID_MATCH, ProcessResultCode.BAD_DATA
NONE, SUSPECTED = ProcessResultCode.NOT_APPLICABLE, ProcessResultCode.SUSPECTED
FAIL, EXPIRED, PARTIAL = StepResultCode.FAIL, StepResultCode.EXPIRED, StepResultCode.PARTIAL
MISSING = StepResultCode.MISSING_DATA

# Documents that have a machine readable zone: without it they cannot be verified.
WITH_MRZ = frozenset({"PASSPORT", "NATIONAL_ID"})

# Which outcome a document has, of those that the things found about it ask for.
OF_ONE_DOCUMENT = (FAIL, EXPIRED, PARTIAL, MISSING, StepResultCode.PASS, StepResultCode.NOT_APPLICABLE)
# Which outcome the person has, of those of the documents: another person's document is never made good by a second
# one, an expired one is.
OF_ALL_DOCUMENTS = (FAIL, StepResultCode.PASS, PARTIAL, EXPIRED, MISSING, StepResultCode.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a result on a thing means for its document."""

    outcome: StepResultCode
    code: str
    message: str
    issue: Issue


def _issue(category: str, issue: str, severity: str = "REVIEW") -> Issue:
    return Issue(category=category, issue=issue, severity=severity)


_COMPARED, _PART = _issue("IDV", "DOCUMENT_COMPARISON"), _issue("IDV", "PARTIAL")
_DATA, _LACKING = _issue("DOCUMENT", "DATA_CONSISTENCY"), _issue("IDV", "REQUIRES_IDV")
_OCR, _BAD_ID = _issue("DOCUMENT", "OCR"), _issue("BAD_DATA", "BAD_DATA_ID")
_IMAGE, _FORM = _issue("DOCUMENT", "IMAGE_INTEGRITY"), _issue("DOCUMENT", "DATA_VALIDATION")
_USED = _issue("DUPLICATE", "MATCHED_INTERNAL")
_BAD_DOB = _issue("BAD_DATA", "BAD_DATA_DOB")
_EXPIRED = _issue("EXPIRY", "DATA_VALIDATION")

VERDICTS: dict[tuple[str, ProcessResultCode], Verdict] = {
    ("mrz", NONE): Verdict(MISSING, "MRZ_MISSING", "its machine readable zone was not given", _LACKING),
    ("mrz", BAD): Verdict(MISSING, "MRZ_UNREADABLE", "the machine readable zone cannot be read", _OCR),
    ("checkDigits", BAD): Verdict(FAIL, "MRZ_CHECK_DIGIT", "check digit wrong", _DATA),
    ("expired", INVALID): Verdict(EXPIRED, "DOCUMENT_EXPIRED", "the document has expired", _EXPIRED),
    ("expired", BAD): Verdict(PARTIAL, "DOCUMENT_BAD_EXPIRY", "the date of expiry is no date", _BAD_ID),
    ("expiryDate", NO_MATCH): Verdict(PARTIAL, "DOCUMENT_EXPIRY_MISMATCH", "the date of expiry is another", _PART),
    ("primaryIdentifier", NO_MATCH): Verdict(PARTIAL, "DOCUMENT_NUMBER_MISMATCH", "the number is another", _COMPARED),
    ("primaryIdentifier", PARTIAL_MATCH): Verdict(
        PARTIAL, "DOCUMENT_NUMBER_PARTIAL", "the number agrees in part", _PART
    ),
    ("primaryIdentifier", NONE): Verdict(
        PARTIAL, "DOCUMENT_NUMBER_UNREAD", "the number cannot be read from the picture for certain", _OCR
    ),
    ("name", NO_MATCH): Verdict(FAIL, "DOCUMENT_NAME_MISMATCH", "the name is another person's", _COMPARED),
    ("name", PARTIAL_MATCH): Verdict(PARTIAL, "DOCUMENT_NAME_PARTIAL", "the name agrees in part", _PART),
    ("dateOfBirth", NO_MATCH): Verdict(FAIL, "DOCUMENT_DOB_MISMATCH", "the date of birth is another's", _COMPARED),
    ("dateOfBirth", PARTIAL_MATCH): Verdict(PARTIAL, "DOCUMENT_DOB_PARTIAL", "the date of birth agrees in part", _PART),
    ("dateOfBirth", BAD): Verdict(PARTIAL, "DOCUMENT_BAD_DOB", "the date of birth given is no date", _BAD_DOB),
    ("nameRead", NO_MATCH): Verdict(
        PARTIAL, "DOCUMENT_NAME_UNCONFIRMED", "the name read from the picture is another", _COMPARED
    ),
    ("nameRead", PARTIAL_MATCH): Verdict(
        PARTIAL, "DOCUMENT_NAME_UNCONFIRMED", "the name read from the picture agrees in part", _PART
    ),
    ("nameRead", NONE): Verdict(PARTIAL, "DOCUMENT_NAME_UNREAD", "the name cannot be read from the picture", _OCR),
    ("country", NONE): Verdict(PARTIAL, "DOCUMENT_COUNTRY_UNREAD", "the issuing country cannot be read", _OCR),
    ("attachment", BAD): Verdict(MISSING, "PICTURE_REFUSED", "a picture was refused", _IMAGE),
    ("picture", NO_MATCH): Verdict(FAIL, "PICTURE_MISMATCH", "the picture shows another zone than was given", _DATA),
    ("numberFormat", INVALID): Verdict(
        PARTIAL, "DOCUMENT_NUMBER_FORM", "the number has not the form of its issuer's", _FORM
    ),
    ("cardNumberFormat", INVALID): Verdict(
        PARTIAL, "DOCUMENT_CARD_NUMBER_FORM", "the card number has not the form of its issuer's", _FORM
    ),
    ("documentUse", SUSPECTED): Verdict(
        PARTIAL, "DOCUMENT_USED_BY_ANOTHER", "another person was taken on with this document", _USED
    ),
    ("country", NO_MATCH): Verdict(PARTIAL, "DOCUMENT_COUNTRY_MISMATCH", "the issuing country is another", _COMPARED),
}
