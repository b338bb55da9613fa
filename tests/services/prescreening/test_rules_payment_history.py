"""How earlier loans were paid back."""

from typing import Any

import pytest

from libs.events.models import Money, StepResultCode
from services.prescreening.rules import FAIL, PARTIAL, PASS, UNCHECKED, Verdict, gravest
from services.prescreening.rules_payment_history import Gathered, judge
from services.prescreening.stores.port import Loan
from tests.services.prescreening.factory import NOW, against, policy, request


def loan(number: int = 1, **more: Any) -> Loan:
    nothing = Money(amount="0", currency="EUR")
    given: dict[str, Any] = {"status": "SETTLED"} | more
    return Loan(loanId=f"l-{number}", party="entity:p1", outstanding=nothing, **given)


def of(*loans: Loan) -> Verdict:
    return judge(request(), Gathered(loans), policy("paymentHistory"), NOW)


def test_who_had_no_loan_is_neither_better_nor_worse() -> None:
    found = of()
    assert (against(found), gravest(found.judged)) == ({}, PASS)
    assert [(one.name, one.value) for one in found.measures] == [("history", "NONE")]


@pytest.mark.parametrize(
    ("loans", "codes"),
    [
        ([loan(), loan(2, worstDaysLate=9)], {}),
        ([loan(worstDaysLate=31), loan(2), loan(3), loan(4)], {"LOAN_PAID_LATE": PARTIAL}),
        ([loan(worstDaysLate=61), loan(2), loan(3), loan(4)], {"LOAN_PAID_LATE": FAIL}),
        ([loan(worstDaysLate=10)], {"LOANS_SELDOM_IN_TIME": PARTIAL}),
        ([loan(status="WRITTEN_OFF")], {"LOAN_WRITTEN_OFF": FAIL}),
        ([loan(restructuredOn="2024-11-22")], {"LOAN_RESTRUCTURED": PARTIAL}),
        ([loan(restructuredOn="2023-11-22")], {}),
        ([loan(restructuredOn="in spring")], {"LOAN_RESTRUCTURED": PARTIAL}),
    ],
)
def test_earlier_loans(loans: list[Loan], codes: dict[str, StepResultCode]) -> None:
    assert against(of(*loans)) == codes


def test_without_a_book_it_is_open() -> None:
    found = judge(request(), Gathered(None), policy("paymentHistory"), NOW)
    assert against(found) == {"HISTORY_UNKNOWN": UNCHECKED}
