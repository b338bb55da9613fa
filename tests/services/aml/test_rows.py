"""Lists with a row for each name: OFSI's, the UK's and Australia's."""

# ruff: noqa: E501 - the lines of a list are as long as they are

import csv
import io

import pytest

from services.aml.rows import LAYOUTS, entries, layout_of
from services.aml.xml import Broken

OFSI = """Last Updated,01/03/2026
Name 6,Name 1,Name 2,Name Non-Latin Script,DOB,Nationality,Passport Number,Address 1,Country,Other Information,Group Type,Alias Type,Alias Quality,Regime,Listed On,Group ID
BELOV,Anton,,Антон Белов,00/00/1958,(1) Russia (2) Malta,55,5 Hill Road,Malta,Lives abroad,Individual,Primary name,,Russia,15/03/2022,9001
Toshka,,,,00/00/1958,Russia,55,,,,Individual,AKA,Low,Russia,15/03/2022,9001
MILL AG,,,,,,,,,,Entity,Primary name,,Russia,15/03/2022,9002
"""
UK = """Report Date: 01-Mar-2026
Unique ID,Name 6,Name 1,Name 2,Name 3,Name 4,Name 5,Name type,Alias strength,Regime Name,Designation Type,D.O.B,Nationality(/ies),Gender,Date Designated
RUS9001,BELOV,Anton,,,,,Primary Name,,Russia,Individual,dd/mm/1958,Russia,Male,15/03/2022
"""
DFAT = """Reference,Name of Individual or Entity,Type,Name Type,Alias Strength,Date of Birth,Citizenship,Address,Committees,Control Date
12,Karim Haddad,Individual,Primary Name,,Circa 1970; 3/02/1971,Syria,Aleppo,Autonomous (Syria),01/06/2012
12a,Abu Karim,Individual,a.k.a.,Weak,,,,Autonomous (Syria),01/06/2012
"""


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def padded(text: str) -> list[list[str]]:
    """With the columns of the names that the example has not."""
    head, *rest = text.splitlines()[1:]
    more = [f"Name {number}" for number in (3, 4, 5)]
    return [
        row + extra for row, extra in zip(rows("\n".join([head, *rest])), [more, *[[""] * 3] * len(rest)], strict=True)
    ]


def test_the_rows_of_a_group_are_one_entry() -> None:
    table = [["Last Updated", "01/03/2026"], *padded(OFSI)]
    assert layout_of(table) == "ofsi"
    person, mill = entries(table, LAYOUTS["ofsi"])
    assert (person["id"], person["name"], person["schema"]) == ("ofsi-9001", "Anton BELOV", "Person")
    assert person["aliases"] == [{"name": "Toshka", "quality": "weak"}, {"name": "Антон Белов", "quality": "strong"}]
    assert (person["datesOfBirth"], person["countries"]) == (["1958"], ["ru", "mt"])
    assert (person["listed"], person["addresses"]) == ("2022-03-15", ["5 Hill Road, Malta"])
    assert (mill["name"], mill["schema"]) == ("MILL AG", "Organization")


def test_the_uk_and_australia_are_told_by_their_columns() -> None:
    assert (layout_of(rows(UK)), layout_of(rows(DFAT)), layout_of(rows("a,b\n1,2"))) == ("uk-csv", "dfat", None)
    (person,) = entries(rows(UK), LAYOUTS["uk-csv"])
    assert (person["id"], person["datesOfBirth"], person["gender"]) == ("uk-RUS9001", ["1958"], "male")
    (person,) = entries(rows(DFAT), LAYOUTS["dfat"])
    assert (person["id"], person["datesOfBirth"], person["countries"]) == ("dfat-12", ["1970", "1971-02-03"], ["sy"])
    assert person["aliases"] == [{"name": "Abu Karim", "quality": "weak"}]


def test_a_broken_row_is_refused_with_its_number() -> None:
    with pytest.raises(Broken, match="row 2: 'reference' is 'x'"):
        list(entries([*rows(DFAT)[:1], ["x", "Somebody"]], LAYOUTS["dfat"]))
    with pytest.raises(Broken, match="row 2: has 11 cells, there are 10 columns"):
        list(entries([*rows(DFAT)[:1], ["1"] * 11], LAYOUTS["dfat"]))
    with pytest.raises(Broken, match="row 2: has no name"):
        list(entries([*rows(DFAT)[:1], ["1"]], LAYOUTS["dfat"]))
