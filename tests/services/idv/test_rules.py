"""Whether a person's documents are genuine, valid and theirs."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.documents.mrz import parse
from libs.documents.reading import Reading
from libs.events.models import Attachment, Document, Name, ProcessResultCode, StepResult, StepResultCode
from services.idv.agent import check
from services.idv.numbers import forms
from services.idv.rules import verify
from services.idv.seen import Seen
from services.idv.verdicts import OF_ALL_DOCUMENTS, OF_ONE_DOCUMENT, VERDICTS
from tests.services.idv.factory import NOW, individual, mrz, passport, request, verified

LICENCE = Document(type="DRIVERS_LICENSE", country="AUS", primaryIdentifier="12345678")
GENUINE = passport(mrz())
EXPIRED = passport(mrz(expiry="2020-01-01"), expiryDate="2020-01-01")
FORGED = passport(mrz().replace("N1234567<", "N1234568<"))


def codes(result: StepResult) -> list[str]:
    return [reason.code for reason in result.outcome.reasons]


def things(result: StepResult) -> dict[str, ProcessResultCode]:
    return {(finding.explanation or "").split(":")[0]: finding.result for finding in result.findings}


def test_a_genuine_passport_passes() -> None:
    result = verified(GENUINE)
    assert result.outcome.result is StepResultCode.PASS
    assert codes(result) == ["DOCUMENT_VERIFIED"]
    assert result.outcome.issues == []
    assert set(things(result).values()) == {ProcessResultCode.MATCH}
    assert set(things(result)) == {
        "checkDigits", "expired", "expiryDate", "primaryIdentifier", "name", "dateOfBirth", "country"
    }  # fmt: skip
    assert {(finding.objectType, finding.processClass) for finding in result.findings} == {("DOCUMENT", "IDV")}


@pytest.mark.parametrize(
    ("said", "outcome", "code", "issue"),
    [
        ({"familyName": "Jones"}, "FAIL", "DOCUMENT_NAME_MISMATCH", ("IDV", "DOCUMENT_COMPARISON")),
        ({"birth": "1960-01-01"}, "FAIL", "DOCUMENT_DOB_MISMATCH", ("IDV", "DOCUMENT_COMPARISON")),
        ({"expiry": "2025-05-20"}, "EXPIRED", "DOCUMENT_EXPIRED", ("EXPIRY", "DATA_VALIDATION")),
        ({"expiry": "2031-05-21"}, "PARTIAL", "DOCUMENT_EXPIRY_MISMATCH", ("IDV", "PARTIAL")),
        ({"birth": "1984-09-03"}, "PARTIAL", "DOCUMENT_DOB_PARTIAL", ("IDV", "PARTIAL")),
        ({"givenNames": ""}, "PARTIAL", "DOCUMENT_NAME_PARTIAL", ("IDV", "PARTIAL")),
        ({"number": "P7654321"}, "PARTIAL", "DOCUMENT_NUMBER_MISMATCH", ("IDV", "DOCUMENT_COMPARISON")),
        ({"number": "N1234576"}, "PARTIAL", "DOCUMENT_NUMBER_PARTIAL", ("IDV", "PARTIAL")),
        ({"issuer": "NZL"}, "PARTIAL", "DOCUMENT_COUNTRY_MISMATCH", ("IDV", "DOCUMENT_COMPARISON")),
    ],
)
def test_a_zone_that_says_something_else(said: dict[str, Any], outcome: str, code: str, issue: tuple[str, str]) -> None:
    result = verified(passport(mrz(**said)))
    assert result.outcome.result == outcome
    assert codes(result)[0] == code
    assert issue in [(one.category, one.issue) for one in result.outcome.issues]


def test_a_wrong_check_digit_fails_and_names_the_field() -> None:
    result = verified(FORGED)
    assert result.outcome.result is StepResultCode.FAIL
    assert result.outcome.reasons[0].code == "MRZ_CHECK_DIGIT"
    assert result.outcome.reasons[0].message == "check digit wrong: number, composite"
    assert things(result)["checkDigits"] is ProcessResultCode.BAD_DATA


@pytest.mark.parametrize(
    ("documents", "outcome", "code"),
    [
        ([], "NOT_APPLICABLE", "NO_DOCUMENT"),
        ([LICENCE], "NOT_APPLICABLE", "DOCUMENT_WITHOUT_MRZ"),
        ([LICENCE.model_copy(update={"expiryDate": "2020-01-01"})], "EXPIRED", "DOCUMENT_EXPIRED"),
        ([LICENCE.model_copy(update={"expiryDate": "soon"})], "PARTIAL", "DOCUMENT_BAD_EXPIRY"),
        ([passport(None)], "MISSING_DATA", "MRZ_MISSING"),
        ([passport("P<AUS")], "MISSING_DATA", "MRZ_UNREADABLE"),
        ([passport(None, expiryDate="2020-01-01")], "EXPIRED", "DOCUMENT_EXPIRED"),
        ([EXPIRED, GENUINE], "PASS", "DOCUMENT_VERIFIED"),
        ([passport(None), LICENCE, GENUINE], "PASS", "DOCUMENT_VERIFIED"),
        ([GENUINE, FORGED], "FAIL", "MRZ_CHECK_DIGIT"),
    ],
)
def test_documents(documents: list[Document], outcome: str, code: str) -> None:
    result = verified(*documents)
    assert result.outcome.result == outcome
    assert codes(result)[0] == code


FORMS = forms(
    {"country": "AUS", "subdivision": "", "type": kind, "identifier": which, "pattern": form, "form": "", "source": "-"}
    for kind, which, form in (
        ("DRIVERS_LICENSE", "primary", "[0-9]{8}"),
        ("DRIVERS_LICENSE", "secondary", "[A-Z][0-9]{3}"),
        ("PASSPORT", "primary", "[0-9]{8}"),
    )
)


@pytest.mark.parametrize(
    ("document", "used", "outcome", "code"),
    [
        (LICENCE, [], "NOT_APPLICABLE", "DOCUMENT_WITHOUT_MRZ"),
        (LICENCE.model_copy(update={"secondaryIdentifier": "A 123"}), [], "NOT_APPLICABLE", "DOCUMENT_WITHOUT_MRZ"),
        (LICENCE.model_copy(update={"secondaryIdentifier": "1234"}), [], "PARTIAL", "DOCUMENT_CARD_NUMBER_FORM"),
        (LICENCE.model_copy(update={"primaryIdentifier": "123"}), [], "PARTIAL", "DOCUMENT_NUMBER_FORM"),
        (LICENCE, [0], "PARTIAL", "DOCUMENT_USED_BY_ANOTHER"),
        (GENUINE, [0], "PARTIAL", "DOCUMENT_USED_BY_ANOTHER"),
        # The zone says the same number, so that the table may be out of date.
        (GENUINE, [], "PASS", "DOCUMENT_VERIFIED"),
    ],
)
def test_numbers_and_their_uses(document: Document, used: list[int], outcome: str, code: str) -> None:
    result = verify(request(individual(document)), NOW, Seen(FORMS, used_by_others=frozenset(used)))
    assert result.outcome.result == outcome
    assert codes(result)[0] == code


def test_a_name_that_was_read_counts_only_where_it_agrees() -> None:
    read = Reading("MRZ", mrz=parse(mrz(familyName="Jones")))
    unread = Reading("MRZ", mrz=parse(mrz()), unread=("name", "issuer"))
    file = Attachment(sha256="a", mediaType="image/png", size=1)
    document = passport(None, attachments=[file])
    other, none = (verify(request(individual(document)), NOW, Seen(readings={"a": one})) for one in (read, unread))
    assert (other.outcome.result, codes(other)) == ("PARTIAL", ["DOCUMENT_NAME_UNCONFIRMED"])
    assert (none.outcome.result, codes(none)) == ("PARTIAL", ["DOCUMENT_NAME_UNREAD", "DOCUMENT_COUNTRY_UNREAD"])


def test_a_number_that_is_not_read_for_certain_confirms_nothing_and_denies_nothing() -> None:
    shown = Reading("MRZ", mrz=parse(mrz(number="N1Z34567")), unread=("number",))
    document = passport(None, attachments=[Attachment(sha256="a", mediaType="image/png", size=1)])
    alone, given = (
        verify(request(individual(one)), NOW, Seen(readings={"a": shown}))
        for one in (document, document.model_copy(update={"mrz": mrz()}))
    )
    assert (alone.outcome.result, codes(alone)) == ("PARTIAL", ["DOCUMENT_NUMBER_UNREAD"])
    assert (given.outcome.result, codes(given)) == ("PASS", ["DOCUMENT_VERIFIED"])


def test_a_document_is_valid_on_its_last_day() -> None:
    today = NOW.date().isoformat()
    assert verified(passport(mrz(expiry=today), expiryDate=today)).outcome.result is StepResultCode.PASS


@pytest.mark.parametrize(
    ("last", "expires"),
    [("2031-05-20", "2031-05-21T00:00:00+00:00"), (None, None), ("2031-05", None), ("9999-12-31", None)],
)
def test_what_was_found_of_a_document_expires_with_it(last: str | None, expires: str | None) -> None:
    result = verified(passport(mrz(), expiryDate=last))
    assert {one.expiresAt and one.expiresAt.isoformat() for one in result.findings} == {expires}


def test_issues_are_for_information_where_another_document_passes() -> None:
    assert [issue.severity for issue in verified(EXPIRED, GENUINE).outcome.issues] == ["INFO"]


def test_a_previous_name_is_the_persons_too() -> None:
    document = passport(mrz(familyName="Pemberton"))
    person = individual(document)
    known = person.model_copy(update={"alternateNames": [Name(givenName="Sarah", familyName="Pemberton")]})
    assert verify(request(person), NOW).outcome.result is StepResultCode.FAIL
    assert verify(request(known), NOW).outcome.result is StepResultCode.PASS


async def test_the_same_request_has_the_same_answer() -> None:
    asked = request(individual(GENUINE, LICENCE, EXPIRED))
    first, second = await check().answer(asked, NOW), await check().answer(asked, NOW)
    assert first == second
    assert len({finding.processResultId for finding in first.findings}) == len(first.findings)


@pytest.mark.parametrize("document", [GENUINE, FORGED, EXPIRED, passport(mrz(familyName="Jones")), passport("P<AUS")])
def test_no_personal_data_in_outcome_and_texts(document: Document) -> None:
    result = verified(document)
    told = result.outcome.model_dump_json() + "".join(finding.explanation or "" for finding in result.findings)
    assert not [word for word in ("Sarah", "Whitaker", "1984", "N123", "Jones", "2031", "2020") if word in told]


@given(st.text(max_size=100) | st.text("<P0ASV\n", max_size=100), st.none() | st.text(max_size=12))
def test_any_text_has_an_answer(zone: str, date: str | None) -> None:
    result = verified(passport(zone, expiryDate=date), dob=date)
    assert result.outcome.result in OF_ONE_DOCUMENT


def test_every_outcome_has_its_rank() -> None:
    ranked = {verdict.outcome for verdict in VERDICTS.values()} | {StepResultCode.PASS, StepResultCode.NOT_APPLICABLE}
    assert set(OF_ONE_DOCUMENT) == set(OF_ALL_DOCUMENTS) == ranked
