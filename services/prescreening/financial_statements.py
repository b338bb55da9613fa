"""What the step `financialStatements` judges by: the financial statements of an application, read."""

from datetime import datetime
from functools import cache
from pathlib import Path

from libs.events.models import CheckRequested
from services.prescreening.accounts.concepts import Concepts, concepts
from services.prescreening.accounts.form import Accounts
from services.prescreening.accounts.reading import read
from services.prescreening.files import files_of
from services.prescreening.part import Means
from services.prescreening.policy import Policy
from services.prescreening.rules_financial_statements import Gathered

KIND = "FINANCIAL_STATEMENT"
CONCEPTS = Path(__file__).parent / "data" / "concepts.csv"


async def gather(request: CheckRequested, means: Means, policy: Policy, now: datetime) -> Gathered:
    """Every financial statement of the application."""
    files = await files_of(request, means, KIND, _read, known())
    return Gathered(files.read, files.refused)


def _read(data: bytes, name: str, mapping: str | None, concepts: Concepts) -> list[Accounts]:
    return [read(data, concepts, name)]


@cache
def known() -> Concepts:
    """The table of concepts that ships; raises ValueError with the line of what is wrong."""
    with CONCEPTS.open(encoding="utf-8", newline="") as table:
        return concepts(table)
