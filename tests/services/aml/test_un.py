"""The UN's list as given out, and what is none."""

from io import BytesIO

import pytest

from services.aml.un import persons

LIST = """<?xml version="1.0"?>
<CONSOLIDATED_LIST dateGenerated="2026-02-27"><INDIVIDUALS>
  <INDIVIDUAL>
    <FIRST_NAME>UDAY </FIRST_NAME><SECOND_NAME>SADDAM</SECOND_NAME><THIRD_NAME/><FOURTH_NAME>AL-TIKRITI</FOURTH_NAME>
    <UN_LIST_TYPE>Iraq</UN_LIST_TYPE><REFERENCE_NUMBER>IQi.003</REFERENCE_NUMBER><GENDER>Male</GENDER>
    <NAME_ORIGINAL_SCRIPT>عدي صدام</NAME_ORIGINAL_SCRIPT>
    <NATIONALITY><VALUE>Iraq</VALUE><VALUE>Nowhere</VALUE></NATIONALITY>
    <INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Udai</ALIAS_NAME></INDIVIDUAL_ALIAS>
    <INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>The Son</ALIAS_NAME></INDIVIDUAL_ALIAS>
    <INDIVIDUAL_ALIAS><QUALITY/><ALIAS_NAME/></INDIVIDUAL_ALIAS>
    {born}
  </INDIVIDUAL>
</INDIVIDUALS><ENTITIES/></CONSOLIDATED_LIST>"""


def born(*dates: str) -> list[str]:
    told = "".join(f"<INDIVIDUAL_DATE_OF_BIRTH>{date}</INDIVIDUAL_DATE_OF_BIRTH>" for date in dates)
    (person,) = persons(BytesIO(LIST.format(born=told).encode()))
    return list(person["datesOfBirth"])


def test_an_individual_as_plain_facts() -> None:
    (person,) = persons(BytesIO(LIST.format(born="").encode()))
    assert (person["id"], person["name"], person["gender"]) == ("IQi.003", "UDAY SADDAM AL-TIKRITI", "male")
    assert person["countries"] == ["iq"]
    assert person["aliases"] == [
        {"name": "عدي صدام", "quality": "strong"},
        {"name": "Udai", "quality": "strong"},
        {"name": "The Son", "quality": "weak"},
    ]
    assert (person["programmes"], person["topics"]) == (["Iraq"], ["sanction"])


def test_dates_are_as_exact_as_listed() -> None:
    assert born("<TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>1964-05-18</DATE>") == ["1964-05-18"]
    assert born("<TYPE_OF_DATE>APPROXIMATELY</TYPE_OF_DATE><DATE>1964-05-18</DATE>") == ["1964"]
    assert born("<TYPE_OF_DATE>EXACT</TYPE_OF_DATE><YEAR>1964</YEAR>", "<YEAR>1967</YEAR>") == ["1964", "1967"]
    between = "<TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1964</FROM_YEAR><TO_YEAR>1966</TO_YEAR>"
    assert born(between) == ["1964", "1965", "1966"]
    assert born("<NOTE>unknown</NOTE>") == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<CONSOLIDATED_LIST>", "no XML"),
        (b"<SANCTIONS/>", "<SANCTIONS> instead of <CONSOLIDATED_LIST>"),
        (b'<!DOCTYPE x [<!ENTITY a "aaaa">]><CONSOLIDATED_LIST>&a;</CONSOLIDATED_LIST>', "no document type"),
        (
            b"<CONSOLIDATED_LIST><INDIVIDUALS><INDIVIDUAL/></INDIVIDUALS></CONSOLIDATED_LIST>",
            "line 1: <INDIVIDUAL>: no reference number",
        ),
    ],
)
def test_what_is_no_such_list_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        list(persons(BytesIO(content)))
