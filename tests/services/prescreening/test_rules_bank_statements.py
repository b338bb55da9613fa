"""What bank statements come to under the policy that ships."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from libs.events.models import BankAccount, CheckRequested, Company, Measure, StepResultCode
from services.prescreening.agent import POLICIES, load
from services.prescreening.judging.loading import reader
from services.prescreening.policy import Policy
from services.prescreening.rules import FAIL, MISSING_DATA, PARTIAL, PASS, Verdict, gravest
from services.prescreening.rules_bank_statements import BankPolicy, Gathered, judge
from services.prescreening.statements.form import Line, Statement
from tests.factory import application, asked
from tests.services.prescreening.ledger import IBAN, lines_of, statement, year

NOW = datetime.fromisoformat("2026-01-10T12:00:00+00:00")
POLICY: Policy = load(POLICIES / "bank_statements.yaml", reader(BankPolicy))


def judged(statements: Sequence[Statement], refused: Sequence[tuple[str, str]] = (), **applied: Any) -> Verdict:
    """What comes of statements, for somebody who asks for 25,000 EUR over 36 months."""
    request = asked("prescreening", application=application(**applied)).data
    assert isinstance(request, CheckRequested)
    return judge(request, Gathered(statements, refused, {}), POLICY, NOW)


def against(verdict: Verdict) -> dict[str, StepResultCode]:
    """What does not pass, by code."""
    return {one.code: one.result for one in verdict.judged if one.result is not PASS}


def figure(verdict: Verdict, name: str) -> Measure:
    """A figure of the verdict."""
    (found,) = {
        measure.model_dump_json(): measure for one in verdict.judged for measure in one.measures if measure.name == name
    }.values()
    return found


def changed(statements: Sequence[Statement], month: int, lines: Sequence[Line]) -> list[Statement]:
    """The months with other lines in one of them, the balances following."""
    found, balance = [], Decimal("3000.00")
    for one in statements:
        made = statement(lines if one.number == str(month) else one.lines, balance, int(one.number))
        assert made.closing
        balance = made.closing.amount
        found.append(made)
    return found


def test_a_salaried_year_passes_with_its_figures_and_what_would_have_passed() -> None:
    verdict = judged(year())
    assert (gravest(verdict.judged), against(verdict)) == (PASS, {})
    told = [figure(verdict, name) for name in ("statement.months", "month_end_balance.median", "income.regular_share")]
    assert [(one.value, one.unit, one.wouldPass, one.passed) for one in told] == [
        ("12", "months", "at least 6", True),
        ("8351.22", "EUR", "at least 0", True),
        ("100.00", "percent", "at least 50", True),
    ]
    assert figure(verdict, "income.regular").value == "2400.00"
    assert figure(verdict, "instalment.requested").value == "830.36"
    assert {one.name for one in verdict.measures} >= {"income.regular", "surplus.median", "statement.months"}


def test_the_months_are_there_to_be_drawn() -> None:
    verdict = judged(year(6))
    (chart,) = [one for one in verdict.judged if one.code == "BANK_STATEMENT_MONTHS"]
    assert [(one.name, one.value) for one in chart.measures[:3]] == [
        ("month.2025-07.end_balance", "3800.65"),
        ("month.2025-07.income", "2400.00"),
        ("month.2025-07.spending", "1599.35"),
    ]
    assert len(chart.measures) == 18


@pytest.mark.parametrize(("months", "result"), [(6, None), (5, PARTIAL), (3, PARTIAL), (2, FAIL)])
def test_too_few_months_are_told_with_how_many_would_do(months: int, result: StepResultCode | None) -> None:
    assert against(judged(year(months))).get("STATEMENTS_TOO_SHORT") is result


def test_an_edited_amount_fails_with_the_figures() -> None:
    whole = year()
    lines = [*whole[4].lines[:2], whole[4].lines[2]._replace(amount=Decimal("4400.00"))]
    verdict = judged([*whole[:4], whole[4]._replace(lines=lines), *whole[5:]])
    assert against(verdict) == {"SUM_DOES_NOT_FIT": FAIL}
    (found,) = [one for one in verdict.judged if one.code == "SUM_DOES_NOT_FIT"]
    assert found.object_id == "file-5"
    assert "give 9143.25, the closing balance is 7143.25" in found.message
    assert found.told == "A bank statement does not add up."


def test_many_places_are_counted_and_three_are_told() -> None:
    whole = year()
    lines = [line._replace(amount=line.amount + Decimal("0.001")) for line in whole[0].lines] * 2
    verdict = judged([whole[0]._replace(lines=lines), *whole[1:]])
    (found,) = [one for one in verdict.judged if one.code == "AMOUNT_NOT_OF_CURRENCY"]
    assert "(6 lines)" in found.message
    assert found.message.endswith("; and 3 more")


def test_a_month_below_zero_is_counted_by_days() -> None:
    verdict = judged(changed(year(), 3, [*lines_of(2025, 3)[:1], Line(date(2025, 3, 2), Decimal("-9000.00"))]))
    below = figure(verdict, "balance.days_below_zero")
    assert int(below.value or 0) > 60
    assert against(verdict)["DAYS_BELOW_ZERO"] is FAIL


def test_returned_payments_are_counted() -> None:
    back = [Line(date(2025, 6, 26 + day), Decimal("50.00"), returned="AM04") for day in range(4)]
    verdict = judged(changed(year(), 6, [*lines_of(2025, 6), *back]))
    assert against(verdict) == {"PAYMENTS_RETURNED": PARTIAL}
    assert figure(verdict, "income.median").value == "2400.00"


def test_income_of_many_payers_is_irregular_for_a_person_and_takings_for_a_company() -> None:
    def of_nobody(one: Statement) -> Statement:
        return one._replace(
            lines=[
                line._replace(counterparty=f"Payer {'ABCDEFGHIJKLM'[int(one.number)]}") if line.amount > 0 else line
                for line in one.lines
            ]
        )

    statements = [of_nobody(one) for one in year()]
    assert against(judged(statements)) == {"INCOME_IRREGULAR": FAIL}
    assert against(judged(statements, company=Company(name="Nair Ltd", country="GBR"))) == {}


def test_spending_more_than_comes_in_fails() -> None:
    assert against(judged(year(salary="1200.00")))["SPENDS_MORE_THAN_COMES_IN"] is FAIL


def test_statements_of_another_are_found_by_owner_account_and_check_digits() -> None:
    mine = BankAccount(iban="GB29NWBK60161331926819")
    theirs = [one._replace(owner="Somebody Else", account="DE00370400440532013000") for one in year()]
    assert against(judged(theirs, accounts=[mine])) == {
        "OWNER_DIFFERS": FAIL,
        "ACCOUNT_INVALID": FAIL,
        "ACCOUNT_DIFFERS": PARTIAL,
    }


def test_an_account_may_be_named_by_its_number_alone() -> None:
    own = [one._replace(account="37040044/0532013000") for one in year()]
    assert against(judged(own, accounts=[BankAccount(iban=IBAN)])) == {}


def test_money_between_own_accounts_is_neither_income_nor_spending() -> None:
    current = changed(year(), 6, [*lines_of(2025, 6), Line(date(2025, 6, 26), Decimal("-700.00"))])
    savings = [statement([Line(date(2025, 6, 27), Decimal("700.00"))])._replace(account="SAVINGS1", file="savings")]
    alone, both = judged(current), judged([*current, *savings])
    assert figure(both, "income.median").value == figure(alone, "income.median").value
    spent = [figure(one, "spending.median").value for one in (judged(year()), both)]
    assert spent[0] == spent[1]
    assert against(both)["ACCOUNT_ENDS_EARLY"] is PARTIAL


def test_a_card_has_spending_and_no_balance() -> None:
    bought = [Line(date(2025, 12, 5), Decimal("-300.00"))]
    card = statement(bought)._replace(form="OFX card", account="4929", file="card")
    verdict = judged([*year(), card])
    assert figure(verdict, "month_end_balance.median").value == "8351.22"
    assert figure(verdict, "month.2025-12.spending").value == "1934.35"


def test_statements_in_another_currency_are_for_a_person_to_look_at() -> None:
    verdict = judged([one._replace(currency="GBP") for one in year()])
    assert against(verdict) == {"CURRENCY_DIFFERS": PARTIAL}
    assert figure(verdict, "income.median").unit == "GBP"


def test_a_file_that_was_refused_and_none_at_all_are_missing_data() -> None:
    verdict = judged(year(), [("bad", "line 3: this is no date")])
    assert against(verdict) == {"FILE_REFUSED": MISSING_DATA}
    assert "line 3: this is no date" in next(one.message for one in verdict.judged if one.code == "FILE_REFUSED")
    assert against(judged([])) == {"BANK_STATEMENT_MISSING": MISSING_DATA}


def test_without_balances_what_they_would_tell_is_for_a_person_to_look_at() -> None:
    bare = [one._replace(opening=None, closing=None) for one in year()]
    found = against(judged(bare))
    assert found["MONTH_END_BALANCE_LOW"] is PARTIAL
    assert FAIL not in found.values()


def test_old_statements_are_told_by_their_days() -> None:
    verdict = judged(year()[:9])
    assert against(verdict) == {"STATEMENTS_TOO_OLD": FAIL}
    assert figure(verdict, "statement.age").value == "102"


def test_a_policy_that_does_not_say_what_something_means_is_refused() -> None:
    document = {"problems": {"SUM_DOES_NOT_FIT": "FAIL"}, "version": "1", "rows": []}
    with pytest.raises(ValueError, match="OWNER_DIFFERS"):
        reader(BankPolicy)(document)


def test_no_name_and_no_account_stands_in_what_is_told() -> None:
    theirs = [replace_owner(one) for one in year(2)]
    verdict = judged(theirs, [("bad", "line 1: broken")], accounts=[BankAccount(iban="GB29NWBK60161331926819")])
    told = " ".join(one.message for one in verdict.judged) + str(verdict.measures)
    assert not [word for word in ("Somebody", "Acme", "Landlord", IBAN) if word in told]


def replace_owner(one: Statement) -> Statement:
    """Another's."""
    return one._replace(owner="Somebody Else")
