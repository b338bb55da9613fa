"""A statement that was changed is found, whatever was changed; one that was not is not accused."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.prescreening.bank.adding_up import of_one
from services.prescreening.bank.joining import joined
from services.prescreening.statements.form import Line, Statement, Sums
from tests.services.prescreening.ledger import lines_of, statement, with_balances, year

TODAY = date(2026, 1, 10)
CENTS = st.integers(-10_000_000, 10_000_000).map(lambda cents: Decimal(cents).scaleb(-2))
LINES = st.lists(CENTS.filter(bool), min_size=1, max_size=15).map(
    lambda amounts: [Line(date(2025, 3, 1 + number), amount, place=number) for number, amount in enumerate(amounts)]
)


def codes(one: Statement) -> list[str]:
    """The kinds of things that are wrong."""
    return [problem.code for problem in of_one(one, {"JPY": 0}, TODAY)]


@given(LINES, CENTS)
def test_a_statement_that_adds_up_has_no_problem(lines: list[Line], opening: Decimal) -> None:
    assert codes(statement(with_balances(lines, opening), opening)) == []


@given(LINES, CENTS, CENTS.filter(bool), st.data())
def test_any_edited_amount_is_found(lines: list[Line], opening: Decimal, change: Decimal, data: st.DataObject) -> None:
    whole = statement(lines, opening)
    at = data.draw(st.integers(0, len(lines) - 1))
    edited = [*lines[:at], lines[at]._replace(amount=lines[at].amount + change), *lines[at + 1 :]]
    assert codes(whole._replace(lines=edited)) == ["SUM_DOES_NOT_FIT"]


@given(LINES, CENTS, st.data())
def test_any_removed_line_is_found(lines: list[Line], opening: Decimal, data: st.DataObject) -> None:
    whole = statement(lines, opening)
    at = data.draw(st.integers(0, len(lines) - 1))
    assert codes(whole._replace(lines=lines[:at] + lines[at + 1 :])) == ["SUM_DOES_NOT_FIT"]


@given(LINES, CENTS, CENTS.filter(bool), st.data())
def test_two_edits_that_leave_the_sum_as_it_was_are_found_by_the_balances(
    lines: list[Line], opening: Decimal, change: Decimal, data: st.DataObject
) -> None:
    lines = [*lines, Line(date(2025, 3, 30), Decimal("1.00"), place=99)]
    one = data.draw(st.integers(0, len(lines) - 2))
    other = data.draw(st.integers(one + 1, len(lines) - 1))
    told = with_balances(lines, opening)
    told[one] = told[one]._replace(amount=told[one].amount + change)
    told[other] = told[other]._replace(amount=told[other].amount - change)
    assert codes(statement(told, opening)) == ["BALANCE_DOES_NOT_FIT", "BALANCE_DOES_NOT_FIT"]


def test_an_edited_balance_is_told_with_what_the_lines_give() -> None:
    lines = with_balances(lines_of(2025, 3), Decimal("1000.00"))
    lines[1] = lines[1]._replace(balance=Decimal("9.99"))
    first, second = of_one(statement(lines, Decimal("1000.00")), {}, TODAY)
    assert (first.code, first.file) == ("BALANCE_DOES_NOT_FIT", "file-1")
    assert first.told == "line 2: the balance is 9.99, the lines before it give -571.35"
    assert second.told == "line 3: the balance is 1828.65, the lines before it give 2409.99"


@pytest.mark.parametrize(
    ("sums", "told"),
    [
        (Sums(entries=4), "lines: 3 by its lines, the statement says 4"),
        (Sums(credits=Decimal("2500.00")), "credits: 2400.00 by its lines, the statement says 2500.00"),
        (Sums(debits=Decimal("1.00")), "debits: 1571.35 by its lines, the statement says 1.00"),
        (Sums(net=Decimal("0.00")), "net: 828.65 by its lines, the statement says 0.00"),
    ],
)
def test_totals_that_are_not_those_of_the_lines_are_found(sums: Sums, told: str) -> None:
    (problem,) = of_one(statement(lines_of(2025, 3), sums=sums), {}, TODAY)
    assert (problem.code, problem.told) == ("TOTALS_DO_NOT_FIT", told)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"booked": date(2025, 3, 30)}, "DATES_OUT_OF_ORDER"),
        ({"booked": date(2025, 2, 27)}, "LINE_OUTSIDE_PERIOD"),
        ({"booked": date(2026, 3, 15)}, "LINE_IN_THE_FUTURE"),
        ({"amount": Decimal("-621.355")}, "AMOUNT_NOT_OF_CURRENCY"),
    ],
)
def test_a_line_that_cannot_be_is_found(changed: dict[str, object], code: str) -> None:
    lines = lines_of(2025, 3)
    lines[1] = lines[1]._replace(**changed)  # type: ignore[arg-type]
    assert code in codes(statement(lines))


def test_a_currency_without_decimals_has_none() -> None:
    assert set(codes(statement(lines_of(2025, 3), currency="JPY"))) == {"AMOUNT_NOT_OF_CURRENCY"}


def test_a_line_twice_under_one_reference_is_found_and_without_one_it_may_be_so() -> None:
    lines = lines_of(2025, 3)
    assert codes(statement([*lines, lines[2]])) == ["LINE_TWICE"]
    bare = [line._replace(reference="NONREF") for line in lines]
    assert codes(statement([*bare, bare[2]])) == []


def test_statements_that_follow_one_another_are_joined() -> None:
    whole = year()
    assert joined(whole[::-1]) == (whole, [])


@given(st.integers(1, 10))
def test_a_statement_left_out_is_found_by_its_number_or_else_by_the_balance(at: int) -> None:
    whole = year()
    _, found = joined(whole[:at] + whole[at + 1 :])
    assert [problem.code for problem in found] == ["STATEMENT_MISSING"]
    bare = [one._replace(number="") for one in whole]
    _, found = joined(bare[:at] + bare[at + 1 :])
    assert [problem.code for problem in found] == ["STATEMENTS_DO_NOT_JOIN"]


def test_without_balances_the_days_that_are_missing_are_found() -> None:
    bare = [one._replace(opening=None, closing=None, number="") for one in year(4)]
    _, found = joined([bare[0], bare[1], bare[3]])
    assert [(problem.code, problem.told) for problem in found] == [
        ("DAYS_MISSING", "30 days are missing between 2025-10-31 and 2025-12-01")
    ]


def test_a_statement_given_twice_counts_once() -> None:
    whole = year(3)
    kept, found = joined([*whole, whole[1]._replace(file="again")])
    assert kept == whole
    assert [(problem.code, problem.file) for problem in found] == [("STATEMENT_TWICE", "again")]


def test_a_statement_that_was_given_twice_with_another_line_is_found() -> None:
    whole = year(3)
    lines = [*whole[1].lines[:2], whole[1].lines[2]._replace(amount=Decimal("9400.00"))]
    _, found = joined([*whole, statement(lines, Decimal("3000.00"), 11)])
    assert "STATEMENT_TWICE_DIFFERENT" in [problem.code for problem in found]


def test_exports_that_overlap_are_one() -> None:
    first, second = year(2)
    assert first.opening
    both = statement(first.lines, first.opening.amount, 0)._replace(
        lines=[*first.lines, *second.lines], closing=second.closing, last=second.last, number="", file="both"
    )
    kept, found = joined([first._replace(number=""), both])
    assert found == []
    assert [line for one in kept for line in one.lines] == [*first.lines, *second.lines]
    assert kept[1].opening == (first.last, first.closing and first.closing.amount)
    assert kept[1].first == (first.last or date.max) + timedelta(days=1)
