"""The machine readable zone: reading and making."""

from string import ascii_uppercase, digits

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.documents.layout import LAYOUTS, VALUES, check_digit
from libs.documents.making import make_mrz
from libs.documents.mrz import Unreadable, parse
from tests.services.idv.factory import mrz

# The specimens of ICAO Doc 9303.
SPECIMENS = {
    "TD3": "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10",
    "TD1": "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<",
    "TD2": "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6",
    "MRV-A": "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL8988901C4XXX4009078F96121096ZE184226B<<<<<<",
    "MRV-B": "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nL8988901C4XXX4009078F9612109<<<<<<<<",
}


@pytest.mark.parametrize("format", SPECIMENS)
def test_specimens(format: str) -> None:
    read = parse(SPECIMENS[format])
    assert (read.format, read.wrong) == (format, ())
    assert (read.familyName, read.givenNames) == ("ERIKSSON", "ANNA MARIA")


def test_the_specimen_is_made() -> None:
    made = make_mrz(
        issuer="UTO",
        number="L898902C3",
        familyName="Eriksson",
        givenNames="Anna Maria",
        birth="1974-08-12",
        expiry="2012-04-15",
        sex="F",
        optional="ZE184226B",
    )
    assert made == SPECIMENS["TD3"]


@pytest.mark.parametrize(("text", "digit"), [("520727", "3"), ("AB2134<<<", "5"), ("L898902C3", "6"), ("<<<", "0")])
def test_check_digit(text: str, digit: str) -> None:
    assert check_digit(text) == digit


@pytest.mark.parametrize(
    "text",
    [
        "",
        "P<AUS",
        SPECIMENS["TD3"][:-1],
        SPECIMENS["TD3"].replace("1204159", "12O4159"),
        SPECIMENS["TD3"].replace("ANNA", "ANÑA"),
    ],
)
def test_unreadable(text: str) -> None:
    with pytest.raises(Unreadable):
        parse(text)


def test_lines_need_no_newline_and_may_have_spaces_and_small_letters() -> None:
    assert parse(SPECIMENS["TD3"].replace("\n", "").lower()) == parse(SPECIMENS["TD3"].replace("\n", " \r\n"))


def test_a_name_without_room_is_cut_off() -> None:
    read = parse(mrz(familyName="Venkataramanan Subramaniam", givenNames="Krishnamurthy Anantha"))
    assert read.truncated
    assert read.givenNames == "KRISHNAMURT"


def test_what_has_no_room_is_refused() -> None:
    with pytest.raises(ValueError, match="has no room"):
        mrz(number="N123456789")


letters = st.text(ascii_uppercase, min_size=1, max_size=8)
day = st.dates().map(lambda date: f"{date.year:04}-{date.month:02}-{date.day:02}")
formats = st.sampled_from(sorted(LAYOUTS))


@given(
    format=formats,
    number=st.text(digits + ascii_uppercase, min_size=1, max_size=9),
    family=letters,
    given_names=st.lists(letters, min_size=1, max_size=2),
    birth=day,
    expiry=day,
    sex=st.sampled_from("MF<"),
    issuer=st.text(ascii_uppercase, min_size=3, max_size=3),
)
def test_what_was_made_is_read(
    format: str, number: str, family: str, given_names: list[str], birth: str, expiry: str, sex: str, issuer: str
) -> None:
    read = parse(
        make_mrz(
            format=format,
            issuer=issuer,
            number=number,
            familyName=family,
            givenNames=" ".join(given_names),
            birth=birth,
            expiry=expiry,
            sex=sex,
        )
    )
    assert (read.format, read.issuer, read.nationality, read.number) == (format, issuer, issuer, number)
    assert (read.familyName, read.givenNames) == (family, " ".join(given_names))
    assert (read.birth, read.expiry, read.sex) == (_short(birth), _short(expiry), sex)
    assert read.wrong == ()


@given(st.text(digits + ascii_uppercase, min_size=10, max_size=18), st.sampled_from(["TD1", "TD2"]))
def test_a_long_number_goes_on_in_the_optional_data(number: str, format: str) -> None:
    room = {"TD1": 22, "TD2": 15}[format]
    read = parse(mrz(format=format, number=number[:room]))
    assert (read.number, read.wrong) == (number[:room], ())


@given(formats, st.sampled_from(["number", "birth", "expiry"]), st.data())
def test_a_wrong_character_of_a_checked_field_is_found(format: str, field: str, data: st.DataObject) -> None:
    """Every character of another value modulo 10; A and 0, for instance, no check digit can tell apart."""
    lines = mrz(format=format).split("\n")
    line, begin, end = LAYOUTS[format].fields[field]
    at = data.draw(st.integers(begin, end - 1))
    value = VALUES[lines[line][at]]
    others = digits if field != "number" else digits + ascii_uppercase
    wrong = data.draw(st.sampled_from([letter for letter in others if (VALUES[letter] - value) % 10]))
    lines[line] = lines[line][:at] + wrong + lines[line][at + 1 :]
    assert field in parse("\n".join(lines)).wrong


def _short(date: str) -> str:
    return date[2:].replace("-", "")
