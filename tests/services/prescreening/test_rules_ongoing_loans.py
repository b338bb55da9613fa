"""Whether one more loan can be carried."""

from typing import Any

import pytest

from libs.events.models import DeclaredLiability, Money, StepResultCode
from services.prescreening.rules import FAIL, PARTIAL, UNCHECKED, Verdict
from services.prescreening.rules_ongoing_loans import Gathered, judge
from services.prescreening.stores.port import Loan
from tests.factory import application
from tests.services.prescreening.factory import NOW, RATES, against, company, figure, outcome, policy, request

CREDIT = {
    "liabilities__outstanding": "5000.00 EUR",
    "liabilities__instalments": "200.00 EUR",
    "score__position": "80.0 percent",
    "forbearance": "0 count",
    "arrears__1-30": "0 count",
    "arrears__31-60": "0 count",
    "arrears__61-90": "0 count",
    "arrears__over-90": "0 count",
}


def loan(**more: Any) -> Loan:
    given: dict[str, Any] = {
        "loanId": "l-1",
        "party": "entity:p1",
        "status": "CURRENT",
        "outstanding": Money(amount="3000", currency="EUR"),
        "instalment": Money(amount="100", currency="EUR"),
    } | more
    return Loan(**given)


def of(income: str = "4000.00 EUR", *loans: Loan, credit: dict[str, str] | None = None, **more: Any) -> Verdict:
    evidence = [
        outcome("BANK_STATEMENTS", income__median=income),
        outcome("EXTERNAL_CREDIT_REPORT", **CREDIT | (credit or {})),
    ]
    applied = application(**{"amount": "10000.00"} | more)
    asked = request(applied, evidence=evidence)
    return judge(asked, Gathered(loans, RATES), policy("ongoingLoans"), NOW)


def test_instalments_and_debts_against_income_with_the_new_loan() -> None:
    found = of("4000.00 EUR", loan())
    assert against(found) == {}
    told = {one.name: one.value for one in found.measures}
    assert (told["instalments.existing"], told["debts.total"]) == ("300.00", "8000.00")
    assert (told["rate.annual"], told["instalment.new"]) == ("0.059", "303.77")
    assert (told["dsti"], told["dti"]) == ("15.1", "0.38")


@pytest.mark.parametrize(
    ("income", "codes"),
    [
        ("1200.00 EUR", {"DSTI_HIGH": PARTIAL}),
        ("560.00 EUR", {"DSTI_HIGH": PARTIAL, "DSTI_EXISTING": PARTIAL}),
        ("400.00 EUR", {"DSTI_HIGH": FAIL, "DSTI_EXISTING": FAIL}),
        ("0 EUR", {"INCOME_NONE": FAIL, "DSTI_HIGH": FAIL, "DSTI_EXISTING": FAIL, "DTI_HIGH": FAIL}),
        (
            "100 XXX",
            {"INCOME_NONE": UNCHECKED, "DSTI_EXISTING": UNCHECKED, "DSTI_HIGH": UNCHECKED, "DTI_HIGH": UNCHECKED},
        ),
    ],
)
def test_what_the_income_does_not_carry(income: str, codes: dict[str, StepResultCode]) -> None:
    assert {
        code: result for code, result in against(of(income)).items() if code != "DTI_HIGH" or code in codes
    } == codes


@pytest.mark.parametrize(
    ("days", "code", "result"),
    [(1, "ARREARS_30", PARTIAL), (60, "ARREARS_60", PARTIAL), (61, "ARREARS_90", FAIL), (91, "ARREARS_OVER_90", FAIL)],
)
def test_arrears_by_their_age_in_the_book(days: int, code: str, result: StepResultCode) -> None:
    assert against(of("4000.00 EUR", loan(daysLate=days))) == {code: result}


def test_arrears_and_forbearance_elsewhere_count_with_those_of_the_book() -> None:
    found = of("4000.00 EUR", loan(daysLate=5, forbearance=True), credit={"arrears__1-30": "1 count"})
    assert against(found) == {"ARREARS_30": FAIL, "FORBEARANCE": PARTIAL}
    assert figure(found, "arrears.1-30") == "2"


def test_what_the_applicant_tells_of_counts_where_it_is_more() -> None:
    told = DeclaredLiability(
        kind="LOAN",
        outstanding=Money(amount="9000", currency="EUR"),
        instalment=Money(amount="450", currency="EUR"),
    )
    found = of("4000.00 EUR", loan(), liabilities=[told])
    assert (figure(found, "instalments.existing"), figure(found, "debts.total")) == ("450.00", "9000.00")


def test_what_the_applicant_tells_of_that_is_no_amount_leaves_it_open() -> None:
    told = DeclaredLiability(kind="LOAN", outstanding=Money(amount="a lot", currency="EUR"))
    assert against(of("4000.00 EUR", liabilities=[told])) == {"DTI_HIGH": UNCHECKED}


def test_a_loan_that_is_settled_costs_nothing_any_more() -> None:
    assert figure(of("4000.00 EUR", loan(status="SETTLED")), "instalments.existing") == "200.00"


def test_a_companys_income_is_that_of_its_statements_by_month() -> None:
    evidence = [
        outcome("FINANCIAL_STATEMENTS", ebitda="120000 EUR"),
        outcome("EXTERNAL_CREDIT_REPORT", **CREDIT),
    ]
    asked = request(application(company=company()), evidence=evidence)
    found = judge(asked, Gathered([], RATES), policy("ongoingLoans"), NOW)
    assert figure(found, "income.monthly") == "10000.00"


def test_without_a_book_or_a_report_it_is_open() -> None:
    asked = request(evidence=[outcome("BANK_STATEMENTS", income__median="4000 EUR")])
    found = judge(asked, Gathered(None, RATES), policy("ongoingLoans"), NOW)
    assert against(found)["DSTI_HIGH"] is UNCHECKED
    assert against(found)["ARREARS_OVER_90"] is UNCHECKED
