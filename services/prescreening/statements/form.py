"""The one form that every bank statement is read into."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple


class Refused(ValueError):
    """A file that is not read: says which, where in it, and why; never what stands there."""

    def __init__(self, reason: str, place: str = "", file: str = "") -> None:
        super().__init__(": ".join(part for part in (file, place, reason) if part))
        self.reason, self.place, self.file = reason, place, file

    def at(self, place: str) -> "Refused":
        """The same, with the place in the file where it is not known yet."""
        return Refused(self.reason, self.place or place, self.file)

    def of(self, file: str) -> "Refused":
        """The same of a named file."""
        return Refused(self.reason, self.place, file)

    def __reduce__(self) -> tuple[type["Refused"], tuple[str, str, str]]:
        return Refused, (self.reason, self.place, self.file)


class Balance(NamedTuple):
    """What was on the account at the beginning or the end of a day; below zero is a debt."""

    day: date
    amount: Decimal


class Sums(NamedTuple):
    """What a statement itself says that its lines add up to; None where it does not."""

    entries: int | None = None
    net: Decimal | None = None
    credits: Decimal | None = None
    debits: Decimal | None = None
    """Above zero, as it is written."""


class Line(NamedTuple):
    """One booking. `amount` is above zero where money came in; texts are empty where the bank says nothing."""

    booked: date
    amount: Decimal
    valued: date | None = None
    balance: Decimal | None = None
    counterparty: str = ""
    reference: str = ""
    """The bank's own, by which a repeat of the line is known."""
    text: str = ""
    kind: str = ""
    """The bank's code of what kind of booking it is."""
    returned: str = ""
    """Why a payment came back, in the bank's words: a code of ISO 20022, or RETURN where there is none."""
    place: int = 0
    """Which line of the file, or which entry of the statement."""


class Statement(NamedTuple):
    """One statement of one account, its lines in the order of time."""

    form: str
    account: str
    """IBAN without blanks, or the bank's own number."""
    currency: str
    lines: Sequence[Line]
    opening: Balance | None = None
    closing: Balance | None = None
    owner: str = ""
    number: str = ""
    """As counted by the bank."""
    page: str = ""
    first: date | None = None
    last: date | None = None
    sums: Sums = Sums()
    file: str = ""
    place: str = ""

    @property
    def begins(self) -> date | None:
        """The first day that it speaks of."""
        days = (self.first, self.opening and self.opening.day, self.lines[0].booked if self.lines else None)
        return next((day for day in days if day), None)

    @property
    def ends(self) -> date | None:
        """The last day that it speaks of."""
        days = (self.last, self.closing and self.closing.day, self.lines[-1].booked if self.lines else None)
        return next((day for day in days if day), None)
