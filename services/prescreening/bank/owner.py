"""Whose statements they are: the account and the owner that they name, and those of the application."""

import re
from collections.abc import Iterator, Sequence

from normality import ascii_text
from rapidfuzz import fuzz
from stdnum import iban

from libs.events.models import Application, BankAccount, Individual
from services.prescreening.bank import problems
from services.prescreening.bank.problems import Problem
from services.prescreening.statements.form import Statement

IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
# So few digits are no account's number: they may be a part of any.
DIGITS = 6


def of_whom(statement: Statement, application: Application, person: Individual, enough: float) -> Iterator[Problem]:
    """What does not agree with the application. `enough`: from which likeness on, 0 to 100, two names are one."""
    account = statement.account
    if IBAN.fullmatch(account) and not iban.is_valid(account):
        yield Problem(problems.IBAN, "its IBAN has wrong check digits", statement.file)
    if application.accounts and not any(_is(account, one) for one in application.accounts):
        yield Problem(problems.ACCOUNT, "its account is none of those that the application names", statement.file)
    if statement.owner:
        names = [*_names(person), *([application.company.name] if application.company else [])]
        likeness = max(_likeness(statement.owner, name) for name in names)
        if likeness < enough:
            told = f"its owner is like the applicant by {likeness:.0f} of 100"
            yield Problem(problems.OWNER, told, statement.file)


def _names(person: Individual) -> Iterator[str]:
    for name in (person.name, *person.alternateNames):
        yield " ".join(filter(None, (name.givenName, name.middleName, name.familyName)))


def _likeness(one: str, other: str) -> float:
    """0 to 100; the order of the words and words that only one has (a joint owner, a legal form) tell little."""
    return fuzz.token_set_ratio(*((ascii_text(name) or name).casefold() for name in (one, other)))


def _is(account: str, named: BankAccount) -> bool:
    """The same number, or one within the other: banks leave out the country, the bank or what fills up."""
    for number in filter(None, (named.iban, named.number)):
        one, other = _digits(account), _digits(number)
        if account == re.sub(r"[\s\-.]", "", number).upper():
            return True
        if min(len(one), len(other)) >= DIGITS and (one in other or other in one):
            return True
    return False


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def name_accounts(statements: Sequence[Statement], accounts: dict[str, str]) -> list[Statement]:
    """The statements of files that name no account, with the one that the application says of them (file → account)."""
    return [
        one._replace(account=re.sub(r"[\s\-.]", "", accounts[one.file]).upper())
        if one.account == "-" and accounts.get(one.file)
        else one
        for one in statements
    ]
