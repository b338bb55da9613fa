"""The book of loans: what parties owe the customer and have owed, and what is promised to applicants meanwhile."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Literal, NamedTuple, Protocol

from libs.events.models import Money
from libs.events.record import Record

Status = Literal["CURRENT", "SETTLED", "WRITTEN_OFF"]


class Loan(Record):
    """A loan of a party, e.g. `entity:p-1` or `company:DEU:hrb1001`; dates are YYYY-MM-DD.

    `daysLate` is now, `worstDaysLate` ever; `applicationId`: the application that it came of.
    """

    loanId: str
    party: str
    status: Status
    outstanding: Money
    instalment: Money | None = None
    overdue: Money | None = None
    daysLate: int = 0
    worstDaysLate: int = 0
    forbearance: bool = False
    restructuredOn: str | None = None
    openedOn: str | None = None
    closedOn: str | None = None
    applicationId: str | None = None


class Parties(NamedTuple):
    """Whose debts are looked at: the applicant's own keys, and those of the whole group, the applicant's with them."""

    own: frozenset[str]
    group: frozenset[str]


class Reservation(NamedTuple):
    """What an application may take until it expires; `parties` are the applicant's keys."""

    application_id: str
    parties: frozenset[str]
    amount: Decimal
    currency: str


class Standing(NamedTuple):
    """What stands in the book of some parties, and what is in flight of other applications."""

    parties: Parties
    loans: Sequence[Loan]
    in_flight: Sequence[Reservation]


Wanted = Callable[[Standing], Decimal]


class Book(Protocol):
    """The book of one customer and another."""

    async def loans(self, customer: str, parties: Collection[str]) -> Sequence[Loan]:
        """The loans of these parties, present and past."""

    async def reserve(
        self,
        customer: str,
        parties: Parties,
        application_id: str,
        currency: str,
        wanted: Wanted,
        now: datetime,
        days: int,
    ) -> Standing:
        """Look at what these parties, and those that the book has in a group with them, owe and have in flight, and
        reserve what `wanted` makes of it, so that nobody else does both in between.

        An application has one reservation, whatever is asked again; one of nothing is none.
        """

    async def keep(self, customer: str, application_id: str, amount: Decimal, now: datetime, days: int) -> bool:
        """Hold what an accepted application takes; False where no live reservation is as great."""

    async def release(self, customer: str, application_id: str) -> None:
        """Give back what an application had reserved; harmless where it had nothing."""
