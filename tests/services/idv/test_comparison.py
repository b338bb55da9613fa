"""The zone against what is claimed."""

from datetime import date

import pytest

from libs.documents.mrz import parse
from libs.documents.transliteration import spellings, transliterated
from libs.events.models import Name, ProcessResultCode
from services.idv import comparison
from tests.services.idv.factory import mrz

MATCH, PARTIAL, NO_MATCH = ProcessResultCode.MATCH, ProcessResultCode.PARTIAL_MATCH, ProcessResultCode.NO_MATCH


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Müller", "MUELLER"),
        ("Weiß", "WEISS"),
        ("Åse", "AASE"),
        ("Søren", "SOEREN"),
        ("Þór", "THOR"),
        ("Łukasz", "LUKASZ"),
        ("O'Brien", "OBRIEN"),
        ("Smith-Jones", "SMITH JONES"),
        ("Nguyễn", "NGUYEN"),
        ("Иванов", "IVANOV"),
        ("Mu\u0308ller", "MUELLER"),
    ],
)
def test_transliteration(name: str, written: str) -> None:
    assert transliterated(name) == written


def test_states_may_spell_otherwise() -> None:
    assert spellings("Müller") == {"MUELLER", "MULLER", "MUXXLLER"}


@pytest.mark.parametrize(
    ("given", "middle", "family", "said", "result"),
    [
        ("Sarah", "Jane", "Whitaker", ("Whitaker", "Sarah Jane"), MATCH),
        ("Sarah", None, "Whitaker", ("Whitaker", "Sarah Jane"), MATCH),
        ("Sarah", "J", "Whitaker", ("Whitaker", "Sarah Jane"), MATCH),
        ("Jörg", None, "Müller", ("Müller", "Jörg"), MATCH),
        ("Jörg", None, "Müller", ("Muller", "Jorg"), MATCH),
        ("Suharto", None, "", ("Suharto", ""), PARTIAL),
        (None, None, "Suharto", ("Suharto", ""), MATCH),
        ("Sarah", "Anne", "Whitaker", ("Whitaker", "Sarah Jane"), PARTIAL),
        ("Jane", None, "Whitaker", ("Whitaker", "Sarah Jane"), PARTIAL),
        ("Sarah", None, "Whitaker", ("Whitaker", ""), PARTIAL),
        ("Sarah", None, "Whittaker", ("Whitaker", "Sarah"), PARTIAL),
        ("Whitaker", None, "Sarah", ("Whitaker", "Sarah"), PARTIAL),
        ("Michael", None, "Whitaker", ("Whitaker", "Sarah"), NO_MATCH),
        ("Sarah", None, "Jones", ("Whitaker", "Sarah"), NO_MATCH),
    ],
)
def test_names(
    given: str | None, middle: str | None, family: str, said: tuple[str, str], result: ProcessResultCode
) -> None:
    claimed = Name(givenName=given, middleName=middle, familyName=family)
    assert comparison.name(claimed, parse(mrz(familyName=said[0], givenNames=said[1]))) is result


def test_a_name_cut_off_matches() -> None:
    claimed = Name(givenName="Krishnamurthy", middleName="Anantha", familyName="Venkataramanan Subramaniam")
    zone = mrz(familyName=claimed.familyName, givenNames="Krishnamurthy Anantha")
    assert comparison.name(claimed, parse(zone)) is MATCH


@pytest.mark.parametrize(
    ("claimed", "result"),
    [
        ("1984-03-09", MATCH),
        ("1984", MATCH),
        ("1984-09-03", PARTIAL),
        ("1984-03-08", PARTIAL),
        ("1990-11-21", NO_MATCH),
        ("1985", NO_MATCH),
        ("9 March 1984", ProcessResultCode.BAD_DATA),
    ],
)
def test_dates_of_birth(claimed: str, result: ProcessResultCode) -> None:
    assert comparison.birth(claimed, parse(mrz(birth="1984-03-09"))) is result


def test_a_zone_may_not_know_the_day() -> None:
    assert comparison.birth("1984-03-09", parse(mrz(birth="1984-03"))) is MATCH


@pytest.mark.parametrize(
    ("claimed", "result"), [("N1234567", MATCH), ("n 123-4567", MATCH), ("N1234576", PARTIAL), ("P7654321", NO_MATCH)]
)
def test_numbers(claimed: str, result: ProcessResultCode) -> None:
    assert comparison.number(claimed, parse(mrz(number="N1234567"))) is result


@pytest.mark.parametrize(
    ("issuer", "claimed", "result"),
    [("AUS", "AUS", MATCH), ("D", "DEU", MATCH), ("GBN", "GBR", MATCH), ("AUS", "NZL", NO_MATCH)],
)
def test_countries(issuer: str, claimed: str, result: ProcessResultCode) -> None:
    assert comparison.country(claimed, parse(mrz(issuer=issuer))) is result


@pytest.mark.parametrize(("said", "year"), [("2031-05-20", 2031), ("1996-12-10", 1996), ("2076-01-01", 2076)])
def test_the_century_of_an_expiry(said: str, year: int) -> None:
    found = comparison.expiry(parse(mrz(expiry=said)), date(2026, 1, 15))
    assert found
    assert found.year == year
