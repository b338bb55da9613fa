import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.screening.names import LONGEST_NAME, MOST_PARTS, cleaned, consonants, readings, usable


@pytest.mark.parametrize(
    ("name", "reading"),
    [
        ("Сергей Лавров", "sergey lavrov"),
        ("Захарченко", "zakharchenko"),
        ("김정은", "kim jong un"),
        ("박영식", "pak yong sik"),
        ("李方伟", "li fangwei"),
        ("Jane Doe", "Jane Doe"),
    ],
)
def test_a_name_is_read_as_the_lists_write_it(name: str, reading: str) -> None:
    assert reading in readings(name)
    assert readings(name)[0] == name


@pytest.mark.parametrize(
    ("native", "latin"),
    [
        ("محمد", "Muhammad"),
        ("محمد", "Mohamed"),
        ("حسين", "Hussein"),
        ("التكريتي", "AL-TIKRITI"),
        ("صدام", "Saddam"),
        ("عبدالله", "Abdullah"),
        ("خامنئی", "Khamenei"),
    ],
)
def test_a_name_without_vowels_has_the_consonants_of_its_latin_spelling(native: str, latin: str) -> None:
    assert consonants(native) == consonants(latin)


@given(st.text(max_size=3000))
def test_a_cleaned_name_is_short_and_holds_no_control_characters(text: str) -> None:
    name, _ = cleaned(text)
    assert len(name) <= LONGEST_NAME
    assert len(name.split(" ")) <= MOST_PARTS
    assert cleaned(name) == (name, False)


@pytest.mark.parametrize(
    ("text", "name", "cut"),
    [
        ("\u202eVladimir\u200f \u0007Putin\x00", "Vladimir Putin", False),
        ("Vladimir\tPutin\n", "Vladimir Putin", False),
        ("\uff36ladimir", "Vladimir", False),
        ("a " * 20, ("a " * MOST_PARTS).strip(), True),
    ],
)
def test_marks_are_taken_out(text: str, name: str, cut: bool) -> None:
    assert cleaned(text) == (name, cut)


@pytest.mark.parametrize(("name", "expected"), [("", False), ("-", False), ("X", False), ("Xi", True), ("习", True)])
def test_usable(name: str, expected: bool) -> None:
    assert usable(name) is expected
