"""How the columns of a bank's CSV are read: a document for each form of file."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

MAPPINGS = Path(__file__).parent / "mappings"


class InvalidMapping(ValueError):
    """A mapping that cannot be used; says where and why."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Amounts(_Strict):
    """Where the amount stands: signed in one column; beside a column that says debit; or in two columns."""

    signed: str | None = None
    unsigned: str | None = None
    indicator: str | None = None
    debit_when: tuple[str, ...] = ()
    credit_when: tuple[str, ...] = ()
    debit: str | None = None
    credit: str | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        beside = (self.unsigned, self.indicator, self.debit_when, self.credit_when)
        ways = [self.signed is not None, all(beside), self.debit is not None and self.credit is not None]
        if sum(ways) != 1 or any(beside) != all(beside):
            raise ValueError("the amount is signed, or unsigned with indicator, debit_when and credit_when, "
                             "or stands in debit and credit")  # fmt: skip
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that it names."""
        return tuple(
            name for name in (self.signed, self.unsigned, self.indicator, self.debit, self.credit) if name is not None
        )


class Mapping(_Strict):
    """One form of file. A column is named by its header; several make one text, or the first that is there a value."""

    name: str
    source: str
    """Where the form is known from."""
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    quote: Annotated[str, Field(min_length=1, max_length=1)] = '"'
    encoding: str = "utf-8"
    skip: Annotated[int, Field(ge=0, le=50)] = 0
    """Lines at most before the header, which some banks write about the account."""
    dates: str
    """As strptime reads them."""
    decimal: Annotated[str, Field(pattern=r"^[.,]$")] = "."
    thousands: Annotated[str, Field(pattern=r"^[., '\u00a0]?$")] = ""
    newest_first: bool = False
    booked: str
    valued: str | None = None
    amount: Amounts
    balance: str | None = None
    account: str | None = None
    currency: str | None = None
    fixed_currency: Annotated[str | None, Field(pattern=r"^[A-Z]{3}$")] = None
    owner: str | None = None
    counterparty: tuple[str, ...] = ()
    reference: str | None = None
    text: tuple[str, ...] = ()
    kind: str | None = None
    returned_when: tuple[str, ...] = ()
    """Kinds of bookings that are returned payments."""

    @model_validator(mode="after")
    def _one_currency(self) -> Self:
        if (self.currency is None) == (self.fixed_currency is None):
            raise ValueError("either a column has the currency or it is fixed_currency")
        return self

    @property
    def columns(self) -> frozenset[str]:
        """The headers by which a file of this form is known."""
        single = (self.booked, self.valued, self.balance, self.account, self.currency, self.owner, self.reference)
        named = (*single, self.kind, *self.amount.columns, *self.counterparty, *self.text)
        return frozenset(name for name in named if name)


def mapping(text: str, name: str = "mapping") -> Mapping:
    """The mapping in a YAML document; raises InvalidMapping."""
    try:
        return Mapping.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise InvalidMapping(f"{name}: {' '.join(str(error).split())}") from None
    except ValidationError as error:
        problems = (f"{name}: {'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise InvalidMapping("\n".join(problems)) from None


def mappings(folders: Iterable[Path] = (MAPPINGS,)) -> dict[str, Mapping]:
    """The mappings in folders by name, a later folder's before an earlier one's; raises InvalidMapping."""
    found: dict[str, Mapping] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.yaml")):
            one = mapping(path.read_text(encoding="utf-8"), path.name)
            found[one.name] = one
    return found
