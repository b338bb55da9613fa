"""What the step `bankStatements` judges by: the bank statements of an application, read."""

import csv
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path

from libs.events.models import CheckRequested
from services.prescreening.files import files_of
from services.prescreening.part import Means
from services.prescreening.policy import Policy
from services.prescreening.rules_bank_statements import Gathered
from services.prescreening.statements.form import Statement
from services.prescreening.statements.mapping import Mapping as Form
from services.prescreening.statements.mapping import mappings
from services.prescreening.statements.reading import read

KIND = "BANK_STATEMENT"
DATA = Path(__file__).parent / "data"


async def gather(request: CheckRequested, means: Means, policy: Policy, now: datetime) -> Gathered:
    """Every bank statement of the application."""
    files = await files_of(request, means, KIND, _read, forms())
    return Gathered(files.read, files.refused, units())


def _read(data: bytes, name: str, mapping: str | None, forms: Mapping[str, Form]) -> list[Statement]:
    return read(data, forms, mapping, name)


@cache
def forms() -> Mapping[str, Form]:
    """The mappings of CSV files that ship; raises InvalidMapping."""
    return mappings()


@cache
def units() -> Mapping[str, int]:
    """Decimals of the currencies that have another number than two."""
    with (DATA / "currencies.csv").open(encoding="utf-8", newline="") as table:
        rows = csv.DictReader(line for line in table if not line.startswith("#"))
        return {row["currency"]: int(row["decimals"]) for row in rows}
