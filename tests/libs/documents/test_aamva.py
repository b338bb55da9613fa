"""The text of a licence's barcode."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.documents.aamva import NoLicence, parse
from tests.libs.documents.licences import elements, text


def test_a_licence() -> None:
    licence = parse(text(elements()))
    assert (licence.number, licence.familyName, licence.givenNames) == ("D1234567", "SAMPLE", "JOHN QUINCY")
    assert (licence.birth, licence.expiry, licence.issued) == ("1986-01-31", "2035-01-31", "2019-06-30")
    assert (licence.sex, licence.country, licence.subdivision, licence.version) == ("M", "USA", "CA", 8)
    assert (licence.issuerNumber, licence.truncated) == ("636014", False)
    assert licence.address == "789 E OAK ST, ANYTOWN, CA, 902230000"


@pytest.mark.parametrize(
    ("changed", "field", "value"),
    [
        ({"DBB": "19860131"}, "birth", "1986-01-31"),
        ({"DBB": "12311999"}, "birth", "1999-12-31"),
        ({"DBA": "02302031"}, "expiry", ""),
        ({"DCG": "CAN"}, "country", "CAN"),
        ({"DCG": "", "DAJ": "ON"}, "country", "CAN"),
        ({"DCG": ""}, "country", "USA"),
        ({"DBC": "9"}, "sex", "X"),
        ({"DAD": "NONE"}, "givenNames", "JOHN"),
        ({"DDF": "T"}, "truncated", True),
        ({"DAQ": "D 123 4567"}, "number", "D1234567"),
    ],
)
def test_what_states_write_otherwise(changed: dict[str, str], field: str, value: object) -> None:
    assert getattr(parse(text(elements(**changed))), field) == value


def test_the_names_of_older_versions() -> None:
    whole = {name: value for name, value in elements().items() if name not in ("DCS", "DAC", "DAD")}
    first = parse(text({"DAA": "SAMPLE,JOHN,QUINCY", **whole}, version=1))
    third = parse(text({"DCS": "SAMPLE", "DCT": "JOHN,QUINCY", **whole}, version=3))
    assert (first.familyName, first.givenNames) == (third.familyName, third.givenNames) == ("SAMPLE", "JOHN QUINCY")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("https://example.com", "none of AAMVA's"),
        ("@\n\x1e\rANSI 63601408", "header is broken"),
        (text(elements(DAQ="")), "no number"),
        (text(elements(DBB="soon", DCS="")), "no name and no date of birth"),
    ],
)
def test_no_licence(content: str, reason: str) -> None:
    with pytest.raises(NoLicence, match=reason):
        parse(content)


@given(st.text(max_size=200))
def test_any_text_is_a_licence_or_refused(rest: str) -> None:
    with suppress(NoLicence):
        assert parse("@\n\x1e\rANSI 636014080001" + rest).number
