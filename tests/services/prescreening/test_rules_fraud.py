"""Signs of fraud by the policy that ships."""

from collections.abc import Mapping
from typing import Any

import pytest

from libs.events.models import BankAccount, RiskFactorValue, StepOutcome, StepResultCode
from services.prescreening.rules import FAIL, PARTIAL, UNCHECKED, Verdict
from services.prescreening.rules_fraud import Gathered, judge
from services.prescreening.stores.others import Others
from tests.factory import application
from tests.services.prescreening.factory import NOW, WORDS, against, company, judged, outcome, policy, request

CLEAR = [outcome("AML", StepResultCode.CLEAR), outcome("BLOCKLIST", StepResultCode.CLEAR)]


def of(
    *evidence: StepOutcome, others: Mapping[str, Others] | None = None, known: bool = True, **applied: Any
) -> Verdict:
    asked = request(application(**applied), evidence=[*CLEAR, *evidence])
    return judge(asked, Gathered(others or {} if known else None, WORDS), policy("fraud"), NOW)


def test_nothing_found_passes() -> None:
    assert against(of(others={"device": Others(1, 1), "document": Others(2, 0)})) == {}


@pytest.mark.parametrize(
    ("kind", "seen", "codes"),
    [
        ("device", Others(2, 2), {"DEVICE_SHARED": PARTIAL}),
        ("device", Others(4, 4), {"DEVICE_SHARED": FAIL, "APPLICATIONS_MANY": PARTIAL}),
        ("device", Others(7, 0), {"APPLICATIONS_MANY": FAIL}),
        ("document", Others(1, 1), {"DOCUMENT_SHARED": FAIL}),
        ("account", Others(2, 2), {"ACCOUNT_SHARED": PARTIAL}),
        ("address", Others(30, 30), {"ADDRESS_SHARED": PARTIAL}),
        ("email", Others(2, 2), {"CONTACT_SHARED": FAIL}),
    ],
)
def test_the_same_thing_in_many_hands(kind: str, seen: Others, codes: dict[str, StepResultCode]) -> None:
    assert against(of(others={kind: seen})) == codes


@pytest.mark.parametrize(
    ("step", "result", "code", "expected"),
    [
        ("AML", StepResultCode.HIT, "WATCHLIST_HIT", PARTIAL),
        ("AML", StepResultCode.HIT_ACCEPTED, "WATCHLIST_HIT", UNCHECKED),
        ("AML", StepResultCode.ERROR, "WATCHLIST_HIT", UNCHECKED),
        ("BLOCKLIST", StepResultCode.HIT, "CUSTOMER_LIST_HIT", PARTIAL),
    ],
)
def test_what_the_lists_say(step: str, result: StepResultCode, code: str, expected: StepResultCode) -> None:
    assert against(of(outcome(step, result)))[code] is expected


def test_a_list_that_blocks_fails() -> None:
    listed = outcome("BLOCKLIST", StepResultCode.HIT).model_copy(
        update={"riskFactors": [RiskFactorValue(factor="on_matchlist_internal", value="BLOCK")]}
    )
    found = against(of(listed))
    assert found == {"CUSTOMER_LIST_BLOCKS": FAIL, "CUSTOMER_LIST_HIT": PARTIAL}


def test_without_screening_it_is_open() -> None:
    found = judge(request(), Gathered({}, WORDS), policy("fraud"), NOW)
    assert against(found) == {"WATCHLIST_HIT": UNCHECKED, "CUSTOMER_LIST_HIT": UNCHECKED}


def test_without_a_memory_of_other_applications_it_is_open() -> None:
    assert against(of(known=False))["DEVICE_SHARED"] is UNCHECKED


def test_statements_that_were_changed_fail_with_how_many_signs() -> None:
    statements = outcome("BANK_STATEMENTS", StepResultCode.FAIL, "SUM_DOES_NOT_FIT", "LINE_TWICE", "DAYS_MISSING")
    found = of(statements)
    assert against(found) == {"STATEMENTS_CHANGED": FAIL}
    assert judged(found, "STATEMENTS_CHANGED").measures[0].value == "2"


def test_an_identity_that_differs_elsewhere_is_looked_at_and_the_applicant_is_told_no_more_than_that() -> None:
    found = of(outcome("EXTERNAL_CREDIT_REPORT", subject__name="86 strength", subject__dob="100 strength"))
    assert against(found) == {"IDENTITY_DIFFERS": PARTIAL}
    assert judged(found, "IDENTITY_DIFFERS").told == "We could not verify some of the information in your application."


@pytest.mark.parametrize(
    ("holder", "codes"),
    [
        ("Jonas Achterberg", {}),
        ("Blaufink Werkzeuge GmbH", {}),
        ("Somebody Else", {"ACCOUNT_HOLDER_DIFFERS": PARTIAL}),
    ],
)
def test_whose_account_it_is(holder: str, codes: dict[str, StepResultCode]) -> None:
    found = of(company=company(), accounts=[BankAccount(holder=holder), BankAccount(holder="J Achterberg")])
    assert against(found) == codes
