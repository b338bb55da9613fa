"""By what a case is found."""

import pytest

from services.review.finding import beginnings, looked_for


@pytest.mark.parametrize("typed", ["zoe", "Zoë", "mull", "ZOE  Müller", "a1b2", "zoe@ex"])
def test_what_was_typed_so_far_finds_the_case(typed: str) -> None:
    assert set(looked_for(typed)) <= set(beginnings(["Zoë Müller-Lüdenscheidt", "a1b2c3d4-0000", "zoe@example.org"]))


def test_another_word_does_not() -> None:
    assert not set(looked_for("zora")) <= set(beginnings(["Zoë Müller"]))
