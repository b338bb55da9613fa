"""What a bank statement of 100,000 lines costs to read and to judge, by its form, on one core; and a usual one."""

import time
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from libs.events.models import CheckRequested
from services.prescreening.agent import POLICIES, load
from services.prescreening.bank_statements import forms, units
from services.prescreening.judging.loading import reader
from services.prescreening.rules_bank_statements import BankPolicy, Gathered, judge
from services.prescreening.statements.form import Balance, Line, Statement
from services.prescreening.statements.reading import read
from tests.factory import application, asked
from tests.services.prescreening.ledger import IBAN, WRITERS

NOW = datetime(2026, 1, 10, tzinfo=UTC)
FIRST, DAYS = date(2025, 1, 1), 365
MANY, USUAL = 100_000, 700


def run(many: int = MANY, usual: int = USUAL) -> dict[str, Any]:
    """CPU seconds of one statement of so many lines, and CPU milliseconds of one of a usual year."""
    large, small = _year(many), _year(usual)
    found: dict[str, Any] = {"lines": many, "lines_usual": usual}
    for form, write in WRITERS.items():
        file = write(large)
        seconds = _checked(file)
        found[form] = {
            **{name: round(value, 2) for name, value in seconds.items()},
            "megabytes": round(len(file) / 1e6, 1),
            "usual_ms": round(1000 * _checked(write(small))["both"], 1),
        }
    return found


def _year(lines: int) -> Statement:
    """A year of one account: a salary now and then, and a great many small payments."""
    booked = [
        Line(
            FIRST + timedelta(days=number * DAYS // lines),
            Decimal("25.00") if number % 5 == 0 else Decimal("-6.20"),
            counterparty="Acme GmbH" if number % 5 == 0 else f"Shop {number % 90}",
            reference=f"R{number}",
        )
        for number in range(lines)
    ]
    last = FIRST + timedelta(days=DAYS - 1)
    total = sum((line.amount for line in booked), Decimal(5000))
    return Statement(
        "", IBAN, "EUR", booked, Balance(FIRST, Decimal(5000)), Balance(last, total), number="1", first=FIRST, last=last
    )


def _checked(file: bytes) -> Mapping[str, float]:
    policy = load(POLICIES / "bank_statements.yaml", reader(BankPolicy))
    request = asked("prescreening", application=application()).data
    assert isinstance(request, CheckRequested)
    begun = time.process_time()
    statements = read(file, forms())
    middle = time.process_time()
    judge(request, Gathered(statements, [], units()), policy, NOW)
    ended = time.process_time()
    return {"read": middle - begun, "judged": ended - middle, "both": ended - begun}
