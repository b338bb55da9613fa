"""What a picture says, beside what was claimed."""

from libs.events.models import Document, Gender
from services.review.reading import beside
from tests.factory import person

READ = {
    "fields": {
        "documentNumber": "N1234567", "familyName": "CITIZEN", "givenNames": "JANE", "dateOfBirth": "1990-04-06",
        "sex": "F", "expiryDate": "2031-05-01",
    }
}  # fmt: skip


def test_each_field_is_told_as_claimed_and_as_read() -> None:
    document = Document(type="PASSPORT", country="AUS", primaryIdentifier="n 1234567", expiryDate="2031-05-01")
    lines = {one.name: one for one in beside(person(gender=Gender.FEMALE), document, READ)}
    assert {name for name, line in lines.items() if line.same} == {
        *("Number", "Family name", "Given names", "Sex", "Expires"),
    }
    assert lines["Date of birth"][1:] == ("1990-04-05", "1990-04-06", False)
    assert lines["Issued by"][1:] == ("AUS", "", False)
    assert "Issued" not in lines
