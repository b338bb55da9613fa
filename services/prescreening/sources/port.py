"""Somebody who knows something of an applicant, as the checks see them."""

from collections.abc import Sequence
from typing import Annotated, Protocol, TypeVar

from pydantic import AfterValidator

from libs.events.models import Address, Application, CheckRequested, Money, Name
from libs.events.record import Record
from services.prescreening.judging.money import decimal

R_co = TypeVar("R_co", covariant=True)


class About(Record):
    """What is known of a source; without countries it covers every one.

    `consent`: the kind of consent without which it is not asked.
    """

    id: str
    provider: str
    countries: frozenset[str] = frozenset()
    consent: str | None = None


class Source(Protocol[R_co]):
    """A register or a bureau; another provider is another class of this shape."""

    @property
    def about(self) -> About: ...

    async def ask(self, request: CheckRequested) -> tuple[Sequence[R_co], str | None]:
        """The records that might be the applicant's, and the answer's text where it cannot be looked up again.

        Raises SourceUnavailable.
        """


class RecordedOfficer(Record):
    """A person who runs or owns a company, as a register has them; dates are YYYY-MM-DD."""

    role: str
    name: Name
    dateOfBirth: str | None = None
    resignedOn: str | None = None


class CompanyRecord(Record):
    """A company as a register has it; `status` is ACTIVE or the register's word for what it is instead."""

    reference: str
    name: str
    otherNames: tuple[str, ...] = ()
    country: str
    registerNumber: str | None = None
    status: str
    incorporatedOn: str | None = None
    lei: str | None = None
    vatNumber: str | None = None
    address: Address | None = None
    officers: tuple[RecordedOfficer, ...] = ()


class PersonRecord(Record):
    """A person as a register has them."""

    reference: str
    name: Name
    otherNames: tuple[Name, ...] = ()
    dateOfBirth: str | None = None
    addresses: tuple[Address, ...] = ()


def _a_number(money: Money) -> Money:
    decimal(money.amount)
    return money


Amount = Annotated[Money, AfterValidator(_a_number)]


class Scale(Record):
    """From where to where a bureau's scores go; on most scales the higher is the better."""

    lowest: int
    highest: int
    higherIsBetter: bool = True


class Tradeline(Record):
    """A debt that a bureau knows of.

    `daysLate`: how late it is now; `history`: days late at the end of each month, the latest first.
    """

    kind: str
    outstanding: Amount
    instalment: Amount | None = None
    openedOn: str | None = None
    closedOn: str | None = None
    daysLate: int = 0
    overdue: Amount | None = None
    forbearance: bool = False
    history: tuple[int, ...] = ()


class Default(Record):
    """A debt that was not paid; without `settledOn` it still is not."""

    amount: Amount
    on: str
    settledOn: str | None = None


class Inquiry(Record):
    """Somebody else has asked for a report."""

    on: str
    kind: str = "CREDIT"


class CreditReport(Record):
    """What a bureau knows of one person or company."""

    reference: str
    name: Name | None = None
    companyName: str | None = None
    dateOfBirth: str | None = None
    registerNumber: str | None = None
    country: str | None = None
    addresses: tuple[Address, ...] = ()
    reportedOn: str
    score: int | None = None
    scale: Scale | None = None
    tradelines: tuple[Tradeline, ...] = ()
    defaults: tuple[Default, ...] = ()
    inquiries: tuple[Inquiry, ...] = ()


def country_of(request: CheckRequested, application: Application) -> str | None:
    """The company's country, or that of the person's current address."""
    if application.company is not None:
        return application.company.country
    return request.individual.addresses[0].country if request.individual.addresses else None
