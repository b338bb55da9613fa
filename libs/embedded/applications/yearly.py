"""Yearly accounts of a company: profit and loss and a balance sheet, as a table and as a page of iXBRL."""

from datetime import date

from libs.embedded.applications.applicants import Applicant
from libs.embedded.applications.stories import Accounts
from libs.events.models import ApplicationFile


def annual_accounts(
    one: Applicant, accounts: Accounts, as_table: bool, today: date
) -> list[tuple[ApplicationFile, bytes]]:
    return []
