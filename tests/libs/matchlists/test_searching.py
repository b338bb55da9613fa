"""Entries found by what they match on."""

import pytest

from libs.events.models import MatchlistAttribute
from libs.matchlists.searching import Search

ENTRY = [
    MatchlistAttribute(type="IND_DISPLAY_NAME", value="Maria Castellano"),
    MatchlistAttribute(type="IND_DATE_OF_BIRTH", value="1980-01-31"),
    MatchlistAttribute(type="ORG_NAME", value="Castellano & Co"),
]


@pytest.mark.parametrize(
    ("wanted", "fuzzy", "strengths"),
    [
        ({"IND_DISPLAY_NAME": "CASTELLANO, María"}, False, [100]),
        ({"IND_DISPLAY_NAME": "Maria Castelano"}, False, None),
        ({"IND_DISPLAY_NAME": "Maria Castelano"}, True, [94]),
        ({"IND_DISPLAY_NAME": "Maria Castelano"}, None, [94]),
        ({"IND_DISPLAY_NAME": "Maria Castellano", "IND_DATE_OF_BIRTH": "1980-01-31"}, True, [100, 100]),
        ({"IND_DISPLAY_NAME": "Maria Castellano", "IND_DATE_OF_BIRTH": "1980-01-30"}, True, None),
        ({"EMAIL_ADDRESS": "maria@example.com"}, True, None),
        ({"ORG_NAME": "castellano co"}, False, [100]),
        ({"ORG_NAME": "castelano co"}, True, [92]),
    ],
)
def test_each_attribute_must_be_met_as_the_check_compares(
    wanted: dict[str, str], fuzzy: bool | None, strengths: list[int] | None
) -> None:
    met = Search(wanted.items(), fuzzy).met_by(ENTRY)
    assert (None if met is None else [one.strength for one in met]) == strengths
