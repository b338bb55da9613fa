"""A bureau's report by the policy that ships."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from libs.events.models import Address, DeclaredLiability, Money, StepResultCode
from services.prescreening.judging.consent import Agreed, lack
from services.prescreening.rules import FAIL, MISSING_DATA, PARTIAL, UNCHECKED, Verdict
from services.prescreening.rules_external_credit_report import Gathered, judge
from services.prescreening.sources.answers import SourceAnswer
from services.prescreening.sources.port import About, CreditReport, Default, Inquiry, Scale, Tradeline
from tests.factory import application
from tests.services.prescreening.factory import (
    JONAS,
    NOW,
    RATES,
    WORDS,
    against,
    company,
    consent,
    figure,
    judged,
    policy,
    request,
)

ABOUT = About(id="bureau", provider="credit-bureau", consent="CREDIT_REPORT")


def money(amount: str, currency: str = "EUR") -> Money:
    return Money(amount=amount, currency=currency)


def line(kind: str = "LOAN", owed: str = "5000.00", monthly: str | None = "200.00", **more: Any) -> Tradeline:
    instalment = money(monthly) if monthly else None
    return Tradeline(kind=kind, outstanding=money(owed), instalment=instalment, openedOn="2020-01-01", **more)


def report(*lines: Tradeline, **more: Any) -> CreditReport:
    given: dict[str, Any] = {
        "reference": "r-1",
        "name": JONAS.name,
        "dateOfBirth": "1979-08-21",
        "reportedOn": "2026-11-10",
        "score": 500,
        "scale": Scale(lowest=100, highest=600),
    } | more
    return CreditReport(tradelines=lines or (line(), line()), **given)


def of(*reports: CreditReport, lacks: str | None = None, error: str | None = None, **applied: Any) -> Verdict:
    answer = SourceAnswer(ABOUT, NOW, NOW, reports, lacks=lacks, error=error)
    return judge(request(application(**applied)), Gathered([answer], RATES, WORDS), policy("externalCreditReport"), NOW)


def test_a_good_report_passes_and_tells_later_steps_what_is_owed() -> None:
    found = of(report(), liabilities=[DeclaredLiability(kind="LOAN", outstanding=money("10000"))])
    assert against(found) == {}
    told = {one.name: one.value for one in found.measures}
    assert (told["liabilities.outstanding"], told["liabilities.instalments"]) == ("10000.00", "400.00")
    assert (told["score.position"], told["subject.name"], told["report.file"]) == ("80.0", "100", "FULL")


@pytest.mark.parametrize(
    ("given", "code", "result", "value"),
    [
        ({"score": 340}, "SCORE_LOW", PARTIAL, "48.0"),
        ({"score": 250}, "SCORE_LOW", FAIL, "30.0"),
        ({"score": 999}, "SCORE_LOW", PARTIAL, None),
        ({"reportedOn": "2026-09-01"}, "CREDIT_REPORT_OLD", UNCHECKED, "82"),
        ({"defaults": (Default(amount=money("10"), on="2020-01-01"),)}, "DEFAULT_OPEN", FAIL, "1"),
        (
            {"defaults": (Default(amount=money("10"), on="2025-01-01", settledOn="2025-02-01"),)},
            "DEFAULT_RECENT",
            PARTIAL,
            "1",
        ),
        ({"inquiries": (Inquiry(on="2026-10-01"),) * 6}, "INQUIRIES_MANY", PARTIAL, "6"),
        ({"inquiries": (Inquiry(on="soon"),) * 11}, "INQUIRIES_MANY", FAIL, "11"),
    ],
)
def test_what_a_report_says_against_the_applicant(
    given: dict[str, Any], code: str, result: StepResultCode, value: str | None
) -> None:
    found = of(report(**given))
    assert against(found)[code] is result
    assert judged(found, code).measures[0].value == value


def test_a_scale_on_which_less_is_better() -> None:
    upside_down = Scale(lowest=0, highest=1000, higherIsBetter=False)
    assert figure(of(report(score=100, scale=upside_down)), "score.position") == "90.0"


@pytest.mark.parametrize(
    ("history", "codes"),
    [
        ((0, 0, 35), {}),
        ((35, 35, 0), {"PAYMENTS_LATE_30": PARTIAL}),
        ((65, 0, 0), {"PAYMENTS_LATE_60": PARTIAL}),
        ((95, 0, 0), {"PAYMENTS_LATE_60": PARTIAL, "PAYMENTS_LATE_90": FAIL}),
        ((0,) * 24 + (95,), {}),
    ],
)
def test_months_that_were_paid_late(history: tuple[int, ...], codes: dict[str, StepResultCode]) -> None:
    found = against(of(report(line(history=history), line())))
    assert {code: result for code, result in found.items() if code.startswith("PAYMENTS")} == codes


def test_amounts_of_other_currencies_are_converted_and_one_without_a_rate_is_not_known() -> None:
    abroad = Tradeline(kind="LOAN", outstanding=money("1000", "AUD"), instalment=money("100", "AUD"))
    assert figure(of(report(abroad)), "liabilities.outstanding") == "560.00"
    nowhere = Tradeline(kind="LOAN", outstanding=money("1000", "XXX"), instalment=money("100", "XXX"))
    assert against(of(report(nowhere)))["LIABILITIES_UNKNOWN"] is UNCHECKED


def test_an_amount_that_is_no_number_is_refused_of_a_bureau_and_not_known_of_an_applicant() -> None:
    with pytest.raises(ValueError, match="an amount is no number"):
        line(owed="a lot")
    told = DeclaredLiability(kind="LOAN", outstanding=money("a lot"))
    assert against(of(report(), liabilities=[told])) == {"LIABILITIES_UNDECLARED": UNCHECKED}


def test_a_card_without_an_instalment_costs_the_policys_share_and_a_closed_debt_nothing() -> None:
    found = of(report(line("CARD", "1000.00", None), line(closedOn="2024-01-01")))
    assert figure(found, "liabilities.instalments") == "30.00"


def test_debts_that_were_not_told_of_are_looked_at() -> None:
    assert against(of(report())) == {"LIABILITIES_UNDECLARED": PARTIAL}
    assert figure(of(report()), "liabilities.undeclared") == "40.0"
    assert against(of(report(), amount="40000.00")) == {}


def test_a_thin_file_and_none_are_looked_at_and_never_fail_for_the_score() -> None:
    young = Tradeline(kind="CARD", outstanding=money("0"), openedOn="2026-09-01")
    assert against(of(report(young, score=110))) == {"CREDIT_FILE_THIN": PARTIAL, "SCORE_LOW": PARTIAL}
    assert against(of()) == {"CREDIT_FILE_THIN": PARTIAL}


def test_a_report_about_somebody_else_is_none() -> None:
    assert figure(of(report(dateOfBirth="1950-02-02")), "report.file") == "NONE"
    stranger = report(name=None, companyName="Andere Sache AG", registerNumber="HRB 1")
    assert figure(of(stranger, company=company()), "report.file") == "NONE"


def test_the_bureaus_address_is_told_to_the_search_for_fraud() -> None:
    home = Address(streetNumber="14", streetName="Lindenhain", locality="Musterstadt", country="DEU")
    at_home = request(individual=JONAS.model_copy(update={"addresses": [home]}))
    elsewhere = home.model_copy(update={"streetName": "Uferweg"})
    for address, least, most in ((home, 100, 100), (elsewhere, 0, 59)):
        answer = SourceAnswer(ABOUT, NOW, NOW, (report(addresses=(address,)),))
        found = judge(at_home, Gathered([answer], RATES, WORDS), policy("externalCreditReport"), NOW)
        assert least <= int(figure(found, "subject.address") or -1) <= most


def test_the_newest_report_counts() -> None:
    assert figure(of(report(), report(reportedOn="2026-11-20", score=400)), "score") == "400"


@pytest.mark.parametrize("lacks", ["MISSING", "VERSION", "AGE"])
def test_without_consent_there_is_no_report(lacks: str) -> None:
    found = of(lacks=lacks)
    assert against(found) == {"CONSENT_MISSING": MISSING_DATA}
    assert found.providers[0].result == "MISSING_DATA"


def test_a_bureau_that_could_not_say_leaves_it_open() -> None:
    assert against(of(error="down")) == {"CREDIT_FILE_THIN": UNCHECKED}


@pytest.mark.parametrize(
    ("version", "days_ago", "expected"),
    [("2026-01", 0, None), ("2026-01", 91, "AGE"), ("2025-01", 0, "VERSION"), ("2026-01", -1, "AGE")],
)
def test_whether_a_consent_holds(version: str, days_ago: int, expected: str | None) -> None:
    agreed = {"CREDIT_REPORT": Agreed(versions=("2026-01",), days=90)}
    given = [consent(version=version, at=NOW - timedelta(days=days_ago))]
    assert lack("CREDIT_REPORT", given, agreed, NOW) == expected
    assert lack("DATA_SOURCES", given, agreed, NOW) == "MISSING"


def test_the_amounts_are_decimals() -> None:
    assert figure(of(report(line(owed="0.10"), line(owed="0.20"))), "liabilities.outstanding") == str(Decimal("0.30"))
