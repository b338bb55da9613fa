import pytest

from services.duplicates import likeness
from services.duplicates.traits import tokens


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("Maria Castellano", "CASTELLANO, María", "same"),
        ("Mary-Jane Obi", "Mary Jane Obi", "same"),
        ("Anne Marie Obi", "Annemarie Obi", "same"),
        ("Robert Obi", "Bob Obi", "form"),
        ("R Obi", "Robert Obi", "form"),
        ("Maria Elena Castellano", "Maria Castellano", "form"),
        ("Maria Castellano", "Castelano Maria", "slip"),
        ("Maria Castellano", "Maira Castellano", "slip"),
        ("Maria Castellano", "Castel lano Mraia", "slip"),
        ("Maria Castellano", "Castelano", "subset"),
        ("Maria Castellano", "Maria Obi", "part"),
        ("Maria", "Obi", "single"),
        ("Maria Castellano", "Peter Obi", "different"),
    ],
)
def test_names(one: str, other: str, level: str) -> None:
    assert likeness.names(tokens(one), tokens(other)).level == level
    assert likeness.names(tokens(other), tokens(one)).level == level


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("1984-03-09", "1984-03-09", "same"),
        ("1984-03-09", "1984", "vague"),
        ("1984-03", "1984-03-09", "vague"),
        ("1984-03-09", "1984-09-03", "slip"),
        ("1984-03-09", "1948-03-09", "slip"),
        ("1984-03-09", "1984-03-08", "slip"),
        ("1984-03-09", "1985-03-08", "slips"),
        ("1984-03-09", "1985-04-21", "near"),
        ("1983-12-28", "1984-01-03", "near"),
        ("1984-03-09", "1971-11-30", "different"),
        ("1984-03", "1971-11-30", "different"),
        ("1984-13-39", "1971-31-00", "different"),
    ],
)
def test_dates(one: str, other: str, level: str) -> None:
    assert likeness.dates(one, other).level == level
    assert likeness.dates(other, one).level == level


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("12 rose st springfield 4000", "12 rose st springfield 4000", "same"),
        ("unit 4 12 rose st springfield 4000", "12 rose st springfield 4000 unit 4", "same"),
        ("12 rose st springfield 4000", "21 rose st springfeild 4000", "alike"),
        ("unit 4 12 rose st springfield 4000", "12 rose st springfield 4000", "alike"),
        ("12 rose st springfield 4000 qld", "12 rose st", "different"),
        ("12 rose st springfield 4000", "7 hill rd shelbyville 4000", "different"),
    ],
)
def test_addresses(one: str, other: str, level: str) -> None:
    assert likeness.addresses(tokens(one), tokens(other)).level == level


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("maria@example.org", "maria@example.org", "same"),
        ("maria@example.org", "maria@exmaple.org", "slip"),
        ("maria@example.org", "maria@post.net", "user"),
        ("info@example.org", "info@post.net", "different"),
        ("maria@example.org", "peter.obi@post.net", "different"),
    ],
)
def test_emails(one: str, other: str, level: str) -> None:
    assert likeness.emails(one, other).level == level


def test_documents_of_another_kind_say_nothing() -> None:
    assert likeness.documents(("PASSPORT", "AUS", "pa12"), ("VISA", "AUS", "pa12")) is None
    assert likeness.documents(("PASSPORT", "AUS", "pa12"), ("PASSPORT", "AUS", "pa21")) == ("slip", 0.75)
    assert likeness.documents(("PASSPORT", "AUS", "1"), ("PASSPORT", "AUS", "2")) == ("different", 0.0)
