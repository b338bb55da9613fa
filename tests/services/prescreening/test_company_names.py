import pytest

from services.prescreening.company_names import likeness


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("Brightwater Joinery Pty Ltd", "BRIGHTWATER JOINERY PROPRIETARY LIMITED", 100, 100),
        ("Brightwater Joinery", "Brightwater Joinery Pty Ltd", 100, 100),
        ("Joinery Brightwater Pty Ltd", "Brightwater Joinery Pty Ltd", 100, 100),
        ("Pâtisserie Clairbois SARL", "Patisserie Clairbois", 100, 100),
        ("Moorhof Brot GmbH", "Moorhof Brot AG", 75, 95),
        ("Moorhof Brot GmbH", "Nordlicht Solar GmbH", 0, 60),
        ("", "Moorhof Brot GmbH", 0, 0),
    ],
)
def test_the_same_company_in_another_spelling(one: str, other: str, least: int, most: int) -> None:
    assert least <= likeness(one, other) <= most
    assert likeness(one, other) == likeness(other, one)
