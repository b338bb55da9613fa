"""The decision: by its table, and as properties of every possible evidence."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libs.events.models import ExecutionStatus, Money, StepOutcome, StepResultCode
from services.prescreening.judging.annuity import instalment
from services.prescreening.rules import FAIL, PARTIAL, PASS, UNCHECKED, Verdict, gravest
from services.prescreening.rules_final_decision import Gathered, accepted, judge
from tests.factory import application
from tests.services.prescreening.factory import NOW, RATES, figure, outcome, policy, request

POLICY = policy("finalDecision")
STEPS = POLICY.document.table.steps
LOANS = {
    "income__monthly": "4000.00 EUR",
    "instalments__existing": "200.00 EUR",
    "debts__total": "5000.00 EUR",
    "rate__annual": "0.08 ratio",
}
EXPOSURE = {"exposure__headroom": "150000.00 EUR"}


def evidence(changed: dict[str, StepOutcome | None] | None = None, **loans: str) -> list[StepOutcome]:
    """Every step has passed, but for those that are changed or left out."""
    found: dict[str, StepOutcome | None] = {step: outcome(step) for step in STEPS}
    found["ONGOING_LOANS"] = outcome("ONGOING_LOANS", **LOANS | loans)
    found["INTERNAL_EXPOSURE"] = outcome("INTERNAL_EXPOSURE", **EXPOSURE)
    return [one for one in (found | (changed or {})).values() if one is not None]


def of(
    changed: dict[str, StepOutcome | None] | None = None, *, kept: bool | None = True, loans: Any = None, **applied: Any
) -> Verdict:
    asked = request(application(**applied), evidence=evidence(changed, **(loans or {})))
    return judge(asked, Gathered(RATES, kept), POLICY, NOW)


def decided(verdict: Verdict) -> tuple[str, StepResultCode, list[str]]:
    """The decision, the step's result, and the codes of the reasons in their order."""
    assert verdict.decision is not None
    return verdict.decision.status.value, gravest(verdict.judged), [one.code for one in verdict.judged]


def test_who_passes_everything_is_accepted_with_amount_term_and_instalment() -> None:
    found = of()
    assert decided(found) == ("PASS", PASS, ["DECISION_ACCEPTED"])
    assert accepted(found) == 25000
    assert {one.name: one.value for one in found.measures} == {
        "offer.amount": "25000",
        "offer.term": "36",
        "offer.instalment": str(instalment(Decimal(25000), Decimal("0.08"), 36)),
    }


@pytest.mark.parametrize(
    ("changed", "loans", "expected"),
    [
        (
            {"FRAUD": outcome("FRAUD", FAIL, "STATEMENTS_CHANGED")},
            {},
            ("FAIL", FAIL, ["STATEMENTS_CHANGED", "DECISION_FAILED"]),
        ),
        ({"FRAUD": outcome("FRAUD", FAIL)}, {}, ("FAIL", FAIL, ["DECISION_FAILED"])),
        ({"FRAUD": None}, {}, ("REVIEW", PARTIAL, ["DECISION_UNCHECKED"])),
        ({"FRAUD": outcome("FRAUD", StepResultCode.ERROR)}, {}, ("REVIEW", PARTIAL, ["DECISION_UNCHECKED"])),
        (
            {"EXTERNAL_CREDIT_REPORT": outcome("EXTERNAL_CREDIT_REPORT", UNCHECKED, "CREDIT_REPORT_OLD")},
            {},
            ("REVIEW", PARTIAL, ["CREDIT_REPORT_OLD", "DECISION_UNCHECKED"]),
        ),
        (
            {"PAYMENT_HISTORY": outcome("PAYMENT_HISTORY", PARTIAL, "LOAN_RESTRUCTURED")},
            {},
            ("REVIEW", PARTIAL, ["LOAN_RESTRUCTURED", "DECISION_REVIEW"]),
        ),
        ({"PAYMENT_HISTORY": outcome("PAYMENT_HISTORY", PARTIAL)}, {}, ("REVIEW", PARTIAL, ["DECISION_REVIEW"])),
        ({}, {"income__monthly": "450.00 EUR"}, ("FAIL", FAIL, ["DECISION_NOT_SUPPORTED"])),
        ({}, {"income__monthly": "1000.00 EUR"}, ("REVIEW", PARTIAL, ["DECISION_LITTLE"])),
        ({}, {"income__monthly": "1900.00 EUR"}, ("PASS", PASS, ["DECISION_ACCEPTED_LESS"])),
        ({}, {"income__monthly": "2150.00 EUR"}, ("PASS", PASS, ["DECISION_ACCEPTED_LONGER"])),
        ({}, {"income__monthly": "much EUR"}, ("REVIEW", PARTIAL, ["DECISION_UNCHECKED"])),
        ({}, {"income__monthly": "4000.00 XXX"}, ("REVIEW", PARTIAL, ["DECISION_UNCHECKED"])),
        ({"FINANCIAL_STATEMENTS": outcome("FINANCIAL_STATEMENTS", StepResultCode.NOT_APPLICABLE)}, {},
         ("PASS", PASS, ["DECISION_ACCEPTED"])),
    ],
)  # fmt: skip
def test_the_table(changed: dict[str, StepOutcome | None], loans: dict[str, str], expected: object) -> None:
    assert decided(of(changed, loans=loans)) == expected


def test_what_an_offer_within_the_limits_answers_asks_for_no_look() -> None:
    dear = outcome("ONGOING_LOANS", PARTIAL, "DSTI_HIGH", **LOANS | {"income__monthly": "1900.00 EUR"})
    assert decided(of({"ONGOING_LOANS": dear})) == ("PASS", PASS, ["DECISION_ACCEPTED_LESS"])


def test_reasons_come_in_the_order_of_their_weight_in_words_for_both() -> None:
    found = of(
        {
            "CUSTOMER_INFORMATION": outcome("CUSTOMER_INFORMATION", PARTIAL, "PERSON_ADDRESS_DIFFERS"),
            "FRAUD": outcome("FRAUD", FAIL, "ADDRESS_SHARED", "DOCUMENT_SHARED"),
            "BANK_STATEMENTS": outcome("BANK_STATEMENTS", PARTIAL, "OF_ANOTHER_TABLE"),
        }
    )
    codes = ["DOCUMENT_SHARED", "ADDRESS_SHARED", "OF_ANOTHER_TABLE", "PERSON_ADDRESS_DIFFERS", "DECISION_FAILED"]
    assert [one.code for one in found.judged] == codes
    assert found.judged[0].message == "FRAUD: DOCUMENT_SHARED."
    assert found.judged[2].told == "Your bank statements do not meet our requirements."


def test_what_is_no_longer_reserved_is_looked_at() -> None:
    found = of(kept=False)
    assert decided(found) == ("REVIEW", PARTIAL, ["RESERVATION_LAPSED"])
    assert (accepted(found), found.measures) == (None, [])


def test_a_rejection_for_the_amount_says_what_is_supported_and_what_limits_it() -> None:
    found = of(loans={"debts__total": "215000.00 EUR"})
    assert found.judged[0].message == "1000 EUR are supported; the limit that allows least is dti"
    assert (figure(found, "limit.dti"), figure(found, "limit.product")) == ("1000", "100000")


def test_another_currency_has_the_first_ones_amounts_by_its_rate() -> None:
    pounds = application().model_copy(update={"requestedAmount": Money(amount="500", currency="GBP")})
    found = judge(request(pounds, evidence=evidence()), Gathered(RATES), POLICY, NOW)
    assert decided(found)[2] == ["DECISION_NOT_SUPPORTED"]
    assert figure(found, "limit.product") == "86900"


results = st.sampled_from([PASS, PARTIAL, FAIL, StepResultCode.UNCHECKED, StepResultCode.ERROR, None])
steps = st.fixed_dictionaries(dict.fromkeys(STEPS, results))
euros = st.decimals(0, 20000, places=2)


def found_in(given: dict[str, StepResultCode | None], income: Decimal, debts: Decimal) -> list[StepOutcome]:
    figures = {
        "ONGOING_LOANS": LOANS | {"income__monthly": f"{income} EUR", "debts__total": f"{debts} EUR"},
        "INTERNAL_EXPOSURE": EXPOSURE,
    }
    return [
        outcome(step, result, *(["A_REASON"] if result is not PASS else []), **figures.get(step, {}))
        for step, result in given.items()
        if result is not None
    ]


@settings(max_examples=200)
@given(steps, euros, euros)
def test_whatever_the_steps_say(given: dict[str, StepResultCode | None], income: Decimal, debts: Decimal) -> None:
    asked = request(application(amount="12000.00"), evidence=found_in(given, income, debts))
    found = judge(asked, Gathered(RATES, kept=True), POLICY, NOW)
    assert found.decision is not None
    status, amount = found.decision.status, accepted(found)
    if status is ExecutionStatus.PASS:
        assert all(result is PASS for result in given.values())
        assert amount is not None
        assert amount > 0
        paid = Decimal(200) + Decimal(figure(found, "offer.instalment") or 0)
        assert paid <= income * POLICY.document.table.limits.dsti / 100
        assert debts + amount <= POLICY.document.table.limits.dti * 12 * income
    else:
        assert amount is None
        assert found.judged[0].told
    if FAIL in given.values():
        assert status is ExecutionStatus.FAIL
    assert gravest(found.judged) is {"PASS": PASS, "REVIEW": PARTIAL, "FAIL": FAIL}[status.value]


def test_the_limits_of_the_offer_are_those_that_the_loans_are_judged_by() -> None:
    rows = {row.figure: row.passes.atMost for row in policy("ongoingLoans").document.table.rows}
    limits = POLICY.document.table.limits
    assert (limits.dsti, limits.dti) == (rows["dsti"], rows["dti"])
