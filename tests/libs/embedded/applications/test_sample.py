"""The sample of applications: many, seeded, whole, and with what each is expected to come to."""

import csv
import io
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from stdnum import iban, lei
from stdnum.eu import vat

from libs.embedded.applications import keeping, life, writing
from libs.embedded.applications.making import make
from libs.embedded.applications.screening import Screened
from libs.embedded.sample.answers import Answer
from libs.events.models import ExecutionStatus

TODAY = date(2026, 3, 14)
SAMPLE = [case.applied for case in make(5, TODAY)]


def test_there_are_many_of_every_outcome_and_two_of_most_stories() -> None:
    assert len(SAMPLE) >= 60
    outcomes = Counter(one.expected.status for one in SAMPLE)
    assert set(outcomes) == {ExecutionStatus.PASS, ExecutionStatus.REVIEW, ExecutionStatus.FAIL}
    assert {"salaried", "seasonal", "failing", "tampered", "over-indebted"} <= {one.story for one in SAMPLE}
    formats = Counter(file.format for one in SAMPLE for file in one.application.files if file.format)
    assert set(formats) == {"CAMT053", "MT940", "OFX", "CSV", "IXBRL"}


def test_a_seed_gives_the_same_sample_and_another_one_other_people_with_the_same_expectations(tmp_path: Path) -> None:
    for name in ("one", "two"):
        keeping.write(make(5, TODAY), tmp_path / name, tmp_path / name / "blobs")
    assert keeping.read(tmp_path / "one") == keeping.read(tmp_path / "two") == SAMPLE
    other = [case.applied for case in make(6, TODAY)]
    assert not {one.entityId for one in other} & {one.entityId for one in SAMPLE}
    assert Counter((one.story, one.expected.status) for one in other) == Counter(
        (one.story, one.expected.status) for one in SAMPLE
    )


def test_numbers_have_their_check_digits_but_where_one_is_misread() -> None:
    for one in SAMPLE:
        (account,) = one.application.accounts
        assert iban.is_valid(account.iban or "") == (one.story != "misread")
        if (company := one.application.company) is not None:
            assert lei.is_valid(company.lei or "")
            assert vat.is_valid(company.vatNumber or "")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_statement_covers_twelve_months_and_its_balances_add_up(seed: int) -> None:
    months = life.months_before(TODAY)
    year = life.household(life.Household(3_000, 900, 1_400), months, Random(seed))
    account = writing.Account("DE89370400440532013000", "Jana Köhler", year, year, months)
    rows = list(csv.DictReader(io.StringIO(writing.bank_csv(account).decode())))
    assert {row["Date"][:7] for row in rows} == {f"{month:%Y-%m}" for month in months}
    balance = year.opening
    for row in rows:
        balance += Decimal(row["Amount"])
        assert Decimal(row["Balance"]) == balance
    changed = writing.Account(*account[:3], life.edited(year, Decimal(500)), months)
    assert writing.bank_csv(changed) != writing.bank_csv(account)


def test_what_comes_out_otherwise_is_told() -> None:
    failing = next(one for one in SAMPLE if one.story == "failing")
    right = Answer("FAIL", {"BANK_STATEMENTS": "FAIL"}, "BANK_STATEMENTS", "", 9)
    assert Screened(failing, right).differences == []
    assert Screened(failing, Answer("PASS", {}, "", "", 9)).differences == [
        "PASS, expected FAIL",
        "BANK_STATEMENTS is absent, expected FAIL",
    ]
    assert Screened(failing, None).differences == ["no answer within 120 s"]
