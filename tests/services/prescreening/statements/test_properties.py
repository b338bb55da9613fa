"""Whatever is written in a form is read again as it was."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.prescreening.statements.form import Line, Statement
from services.prescreening.statements.mapping import mappings
from services.prescreening.statements.reading import read
from tests.services.prescreening.ledger import WRITERS, statement

FORMS = mappings()
AMOUNTS = st.decimals(Decimal("-999999.99"), Decimal("999999.99"), places=2).filter(bool)
# What every one of the forms can carry.
NAMES = st.text(st.sampled_from("ABCDEFGHIJ klmnop&<>;'é"), min_size=1, max_size=20).map(
    lambda text: "N" + " ".join(text.split())
)
LINES = st.lists(st.tuples(st.integers(1, 31), AMOUNTS, NAMES), min_size=1, max_size=12).map(
    lambda drawn: [
        Line(date(2025, 3, day), amount, counterparty=name, reference=f"R{number}")
        for number, (day, amount, name) in enumerate(sorted(drawn), start=1)
    ]
)


def told(whole: Statement) -> list[tuple[date, Decimal, str, str]]:
    """What is compared of the lines."""
    return [(line.booked, line.amount, line.counterparty, line.reference) for line in whole.lines]


@pytest.mark.parametrize("form", WRITERS)
@settings(max_examples=40)
@given(lines=LINES, opening=AMOUNTS)
def test_what_is_written_is_read_again(form: str, lines: list[Line], opening: Decimal) -> None:
    written = statement(lines, opening)
    (found,) = read(WRITERS[form](written), FORMS)
    assert (found.account, found.currency, told(found)) == (written.account, written.currency, told(written))
    assert found.closing is not None
    assert written.closing is not None
    assert found.closing.amount == written.closing.amount
    if form != "ofx":
        assert found.opening is not None
        assert found.opening.amount == opening
