"""The form of document numbers."""

import csv

import pytest

from libs.events.models import Document
from services.idv.agent import NUMBERS
from services.idv.numbers import PRIMARY, SECONDARY, Forms, forms, well_formed

ROW = {
    "country": "AUS",
    "subdivision": "",
    "type": "PASSPORT",
    "identifier": "primary",
    "pattern": "[0-9]",
    "form": "",
    "source": "s",
}


@pytest.fixture(scope="module")
def known() -> Forms:
    with NUMBERS.open(encoding="utf-8", newline="") as table:
        return forms(csv.DictReader(table))


@pytest.mark.parametrize(
    ("kind", "country", "subdivision", "identifier", "number", "right"),
    [
        ("PASSPORT", "AUS", None, PRIMARY, "N1234567", True),
        ("PASSPORT", "AUS", None, PRIMARY, "RA 123-4567", True),
        ("PASSPORT", "AUS", None, PRIMARY, "1234567", False),
        ("DRIVERS_LICENSE", "AUS", "WA", PRIMARY, "1234567", True),
        ("DRIVERS_LICENSE", "AUS", "WA", PRIMARY, "12345678", False),
        ("DRIVERS_LICENSE", "AUS", "NSW", SECONDARY, "2012345678", True),
        ("DRIVERS_LICENSE", "AUS", "NSW", SECONDARY, "201234567", False),
        ("DRIVERS_LICENSE", "AUS", None, PRIMARY, "1", None),
        ("DRIVERS_LICENSE", "NZL", None, SECONDARY, "123", True),
        ("DRIVERS_LICENSE", "GBR", None, PRIMARY, "MORGA657054SM9IJ", True),
        ("DRIVERS_LICENSE", "USA", "ca", PRIMARY, "D1234567", True),
        ("PASSPORT", "AUS", None, PRIMARY, None, None),
        ("PASSPORT", "UTO", None, PRIMARY, "1", None),
    ],
)
def test_forms(
    known: Forms,
    kind: str,
    country: str,
    subdivision: str | None,
    identifier: str,
    number: str | None,
    right: bool | None,
) -> None:
    document = Document(type=kind, country=country, subdivision=subdivision)
    given = {"primaryIdentifier" if identifier == PRIMARY else "secondaryIdentifier": number}
    document = document.model_copy(update=given)
    assert well_formed(document, identifier, known) is right


def test_every_row_has_a_source(known: Forms) -> None:
    with NUMBERS.open(encoding="utf-8", newline="") as table:
        assert len(known) == len(list(csv.DictReader(table)))


@pytest.mark.parametrize("rows", [[ROW, ROW], [{**ROW, "source": ""}], [{**ROW, "identifier": "tertiary"}]])
def test_a_table_that_is_refused(rows: list[dict[str, str]]) -> None:
    with pytest.raises(ValueError, match="AUS//PASSPORT"):
        forms(rows)
