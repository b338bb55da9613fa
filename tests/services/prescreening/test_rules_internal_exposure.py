"""What fits under the limits beside what is owed already."""

from decimal import Decimal
from typing import Any

import pytest

from libs.events.models import ConnectedParty, Money, StepResultCode
from services.prescreening.rules import FAIL, PARTIAL, UNCHECKED, Verdict
from services.prescreening.rules_internal_exposure import Gathered, judge, parties_of, wanted
from services.prescreening.stores.port import Loan, Parties, Reservation, Standing
from tests.factory import application
from tests.services.prescreening.factory import NOW, RATES, against, company, figure, policy, request

PARTIES = Parties(frozenset({"entity:p1"}), frozenset({"entity:p1", "entity:p2"}))


def loan(party: str, owed: str, currency: str = "EUR", **more: Any) -> Loan:
    money = Money(amount=owed, currency=currency)
    given: dict[str, Any] = {"status": "CURRENT"} | more
    return Loan(loanId=party + owed, party=party, outstanding=money, **given)


def flying(party: str, amount: str, currency: str = "EUR") -> Reservation:
    return Reservation("other", frozenset({party}), Decimal(amount), currency)


def standing(*found: Loan | Reservation) -> Standing:
    loans = [one for one in found if isinstance(one, Loan)]
    return Standing(PARTIES, loans, [one for one in found if isinstance(one, Reservation)])


def of(*found: Loan | Reservation, **applied: Any) -> Verdict:
    asked = request(application(**{"amount": "50000.00"} | applied))
    return judge(asked, Gathered(standing(*found), RATES), policy("internalExposure"), NOW)


@pytest.mark.parametrize(
    ("found", "codes"),
    [
        ([], {}),
        ([loan("entity:p1", "100000")], {}),
        ([loan("entity:p1", "100000.01")], {"EXPOSURE_PARTY": PARTIAL}),
        ([loan("entity:p1", "90000"), flying("entity:p1", "20000")], {"EXPOSURE_PARTY": PARTIAL}),
        ([loan("entity:p1", "145000")], {"EXPOSURE_PARTY": FAIL}),
        ([loan("entity:p2", "360000")], {"EXPOSURE_GROUP": PARTIAL}),
        ([loan("entity:p2", "350000"), flying("entity:p2", "50000")], {"EXPOSURE_GROUP": FAIL}),
        ([loan("entity:p1", "145000", status="SETTLED")], {}),
        ([loan("entity:p1", "170000", "AUD"), flying("entity:p1", "9000", "AUD")], {"EXPOSURE_PARTY": PARTIAL}),
        ([loan("entity:p1", "1", "XXX")], {"EXPOSURE_PARTY": UNCHECKED, "EXPOSURE_GROUP": UNCHECKED}),
    ],
)
def test_the_request_beside_what_is_owed(found: list[Loan | Reservation], codes: dict[str, StepResultCode]) -> None:
    assert against(of(*found)) == codes


def test_the_figures_say_what_is_owed_and_what_the_limits_are() -> None:
    found = of(loan("entity:p1", "90000"), loan("entity:p2", "30000"), flying("entity:p1", "20000"))
    assert (figure(found, "exposure.party"), figure(found, "exposure.party.limit")) == ("110000.00", "150000")
    assert (figure(found, "exposure.group"), figure(found, "exposure.headroom")) == ("140000.00", "40000.00")
    assert figure(found, "exposure.party.share") == "80.0"


def test_a_limit_of_another_currency_is_converted() -> None:
    asked = application().model_copy(update={"requestedAmount": Money(amount="100", currency="GBP")})
    found = judge(request(asked), Gathered(standing(), RATES), policy("internalExposure"), NOW)
    assert figure(found, "exposure.party.limit") == "130434.78"


@pytest.mark.parametrize(("owed", "reserved"), [("0", "50000"), ("120000", "30000"), ("145000", "0")])
def test_what_fits_is_reserved_and_nothing_where_the_step_fails(owed: str, reserved: str) -> None:
    asked = request(application(amount="50000.00"))
    found = standing(loan("entity:p1", owed))
    assert wanted(asked, found, RATES, policy("internalExposure"), NOW) == Decimal(reserved)


def test_without_a_book_it_is_open() -> None:
    found = judge(request(), Gathered(None, RATES), policy("internalExposure"), NOW)
    assert against(found) == {"EXPOSURE_PARTY": UNCHECKED, "EXPOSURE_GROUP": UNCHECKED}


def test_whose_debts_are_looked_at() -> None:
    connected = [
        ConnectedParty(relation="SPOUSE", entityId="p-9"),
        ConnectedParty(relation="PARENT_COMPANY", registerNumber="HRB 9"),
    ]
    found = parties_of(request(application(company=company(), connectedParties=connected)))
    assert found.own == {"entity:p1", "company:DEU:hrb900101"}
    assert found.group - found.own == {"entity:p-9", "company:DEU:hrb9"}
