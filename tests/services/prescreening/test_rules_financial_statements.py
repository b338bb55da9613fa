"""What financial statements come to under the policy that ships."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from libs.blobs.directory import Directory
from libs.blobs.port import STATEMENTS
from libs.events.models import ApplicationFile, CheckRequested, Company, Measure, StepResultCode
from services.prescreening.accounts.form import Accounts, Year
from services.prescreening.agent import POLICIES, load
from services.prescreening.financial_statements import gather
from services.prescreening.judging.loading import reader
from services.prescreening.judging.table import Judging
from services.prescreening.part import Means
from services.prescreening.rules import FAIL, MISSING_DATA, PARTIAL, PASS, Verdict, gravest
from services.prescreening.rules_financial_statements import AccountsPolicy, Gathered, judge
from tests.factory import NOON, application, asked

NOW = datetime.fromisoformat("2025-06-10T12:00:00+00:00")
POLICY = load(POLICIES / "financial_statements.yaml", reader(AccountsPolicy))
_JUDGING: Judging[AccountsPolicy] = POLICY.document
TABLE = _JUDGING.table
COMPANY = Company(name="Brandt GmbH", country="DEU", registerNumber="HRB 12345", lei="5299000J2N45DDNE4Y28")
EXAMPLES = Path(__file__).parent / "accounts" / "examples"
SOUND = {
    "revenue": 1_240_000, "operating_profit": 150_000, "depreciation": 42_000, "interest": 8_000,
    "profit_before_tax": 142_000, "tax": 42_000, "profit": 100_000, "assets": 850_000, "liabilities": 420_000,
    "equity": 430_000, "debt": 170_000, "debt_current": 30_000, "debt_noncurrent": 140_000,
}  # fmt: skip


def year(ends: int = 2024, **changed: int | None) -> Year:
    """A sound year, but for what is changed; None leaves an item out."""
    items = {name: Decimal(value) for name, value in {**SOUND, **changed}.items() if value is not None}
    return Year(date(ends, 12, 31), items)


def accounts(*years: Year, **more: Any) -> Accounts:
    """A file with these years."""
    return Accounts("CSV", "EUR", years, file="file")._replace(**more)


def judged(*given: Accounts, refused: Sequence[tuple[str, str]] = (), **applied: Any) -> Verdict:
    """What comes of statements, for a company that asks for 25,000 EUR over 36 months."""
    request = asked("prescreening", application=application(**{"company": COMPANY, **applied})).data
    assert isinstance(request, CheckRequested)
    return judge(request, Gathered(given, refused), POLICY, NOW)


def against(verdict: Verdict) -> dict[str, StepResultCode]:
    """What does not pass, by code."""
    return {one.code: one.result for one in verdict.judged if one.result is not PASS}


def figures(verdict: Verdict) -> dict[str, Measure]:
    """The figures by name."""
    return {measure.name: measure for one in verdict.judged for measure in one.measures}


def test_a_sound_company_passes_with_its_figures_and_what_would_have_passed() -> None:
    verdict = judged(accounts(year(2024), year(2023, revenue=1_150_000), year(2022, revenue=1_100_000)))
    assert (gravest(verdict.judged), against(verdict)) == (PASS, {})
    found = figures(verdict)
    assert {name: found[name].value for name in ("ebitda", "debt_service", "dscr", "leverage", "equity.share")} == {
        "ebitda": "192000",
        "debt_service": "47964.32",
        "dscr": "4.00",
        "leverage": "1.02",
        "equity.share": "50.59",
    }
    assert (found["dscr"].wouldPass, found["dscr"].passed) == ("at least 1.2", True)
    assert found["revenue.trend"].value == "6.17"
    assert found["year.2023-12-31.revenue"].value == "1150000"
    assert {one.name: one.value for one in verdict.measures}["ebitda"] == "192000"


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"profit_before_tax": 6_000, "profit": -36_000}, {"LOSS"}),
        ({"operating_profit": 10_000}, {"DEBT_SERVICE_NOT_COVERED"}),
        ({"debt": 900_000, "debt_noncurrent": 870_000}, {"LEVERAGE_HIGH"}),
        ({"revenue": 600_000}, {"REVENUE_FALLING"}),
        ({"revenue": 0}, {"REVENUE_NONE", "REVENUE_FALLING"}),
        ({"liabilities": 830_000, "equity": 20_000}, {"EQUITY_THIN"}),
        ({"assets": 900_000}, {"ACCOUNTS_DO_NOT_ADD_UP"}),
        (
            {"operating_profit": None, "profit_before_tax": None, "profit": None},
            {"LOSS", "EBITDA_NONE", "DEBT_SERVICE_NOT_COVERED", "LEVERAGE_HIGH"},
        ),
    ],
)  # fmt: skip
def test_what_speaks_against_a_company_is_told(changed: dict[str, int | None], found: set[str]) -> None:
    assert set(against(judged(accounts(year(2024, **changed), year(2023))))) == found


def test_statements_that_do_not_add_up_are_refused_with_the_figures() -> None:
    verdict = judged(accounts(year(2024, equity=480_000), year(2023)))
    assert against(verdict) == {"ACCOUNTS_DO_NOT_ADD_UP": FAIL}
    (found,) = [one for one in verdict.judged if one.code == "ACCOUNTS_DO_NOT_ADD_UP"]
    assert "2024-12-31: assets is 850000, liabilities + equity give 900000" in found.message
    assert (found.object_id, found.told) == ("file", "Your financial statements do not add up.")


def test_a_loss_after_a_loss_after_a_loss_fails() -> None:
    bad = {"profit_before_tax": 2_000, "tax": 42_000, "profit": -40_000}
    assert against(judged(accounts(year(2024, **bad), year(2023, **bad), year(2022, **bad)))) == {
        "LOSS": PARTIAL,
        "LOSSES": FAIL,
    }


def test_a_greater_loan_is_not_covered() -> None:
    verdict = judged(accounts(year(), year(2023)), amount="600000.00")
    assert against(verdict) == {"DEBT_SERVICE_NOT_COVERED": FAIL, "LEVERAGE_HIGH": PARTIAL}


def test_statements_of_another_company_are_found_by_their_number() -> None:
    theirs = {"entity": "HRB 999", "scheme": ""}
    assert against(judged(accounts(year(), year(2023), **theirs))) == {"COMPANY_DIFFERS": FAIL}
    lei = {"entity": "5299000J2N45DDNE4Y99", "scheme": "http://standards.iso.org/iso/17442"}
    assert against(judged(accounts(year(), year(2023), **lei))) == {"COMPANY_DIFFERS": FAIL}
    own = {"entity": "hrb12345", "scheme": ""}
    assert against(judged(accounts(year(), year(2023), **own))) == {}


def test_in_another_currency_what_is_asked_for_cannot_be_compared() -> None:
    verdict = judged(accounts(year(), year(2023), currency="USD"))
    assert against(verdict) == {
        "ACCOUNTS_IN_ANOTHER_CURRENCY": PARTIAL,
        "DEBT_SERVICE_NOT_COVERED": PARTIAL,
        "LEVERAGE_HIGH": PARTIAL,
    }


def test_of_a_company_statements_are_asked_and_of_a_person_not() -> None:
    assert against(judged(refused=[("bad", "line 4: this is no date")])) == {
        "ACCOUNTS_REFUSED": MISSING_DATA,
        "FINANCIAL_STATEMENT_MISSING": MISSING_DATA,
    }
    assert gravest(judged(company=None).judged) is PASS


async def test_files_are_read_and_those_that_cannot_be_are_refused(tmp_path: Path) -> None:
    blobs, means = Directory(tmp_path), Means(blobs=Directory(tmp_path))
    files = [
        ApplicationFile(kind="FINANCIAL_STATEMENT", sha256=kept.sha256, mediaType=kept.mediaType, size=kept.size)
        for kept in [
            await blobs.put((EXAMPLES / "uk_frs102.xhtml").read_bytes(), STATEMENTS),
            await blobs.put(b"item,2024-12-31\nrevenue,=1+1\n", STATEMENTS),
        ]
    ]
    request = asked("prescreening", application=application(files=files, company=COMPANY)).data
    assert isinstance(request, CheckRequested)
    try:
        gathered = await gather(request, means, POLICY, NOON)
    finally:
        means.reader.close()
    assert [(one.currency, len(one.years)) for one in gathered.accounts] == [("GBP", 2)]
    assert gathered.refused == [(files[1].sha256, "line 2: this is no amount of money")]
    verdict = judge(request, gathered, POLICY, NOW)
    assert "ACCOUNTS_DO_NOT_ADD_UP" not in against(verdict)
    assert figures(verdict)["ebitda"].value == "109500"
