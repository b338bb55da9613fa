"""A bank's CSV, read by a mapping of its columns."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from io import StringIO
from itertools import pairwise

from services.prescreening.statements.decoding import decoded
from services.prescreening.statements.form import Balance, Line, Refused, Statement
from services.prescreening.statements.mapping import Mapping as Form
from services.prescreening.statements.values import account_of, amount, currency, day_of, told

MAX_LINES = 200_000
MAX_COLUMNS = 200
Row = Mapping[str, str]


def read(data: bytes, forms: Mapping[str, Form], named: str | None = None) -> list[Statement]:
    """The statement of each account in a file, by the mapping named or known by its header; raises Refused."""
    if named and named not in forms:
        raise Refused(f"there is no mapping {named!r}; there are {', '.join(sorted(forms))}")
    if not data.strip():
        raise Refused("the file is empty")
    problem: Refused | None = None
    for form in [forms[named]] if named else _widest_first(forms.values()):
        try:
            text = decoded(data, form.encoding)
        except Refused as refused:
            problem = refused
            continue
        if (header := _header(text, form)) is not None:
            return _read(text, header, form)
    if named:
        raise problem or Refused(f"the header has not the columns of the mapping {named}", "line 1")
    raise problem or Refused("the file is in none of the forms known, and no mapping has its columns", "line 1")


def _widest_first(forms: Iterable[Form]) -> list[Form]:
    """A form that asks for more columns is the more certain one."""
    return sorted(forms, key=lambda form: (-len(form.columns), form.name))


def _header(text: str, form: Form) -> tuple[int, list[str]] | None:
    """The number of the header's line and its columns, where one of the first lines has all that the form names."""
    for number, line in enumerate(StringIO(text), start=1):
        if number > form.skip + 1:
            return None
        columns = next(csv.reader([line], delimiter=form.delimiter, quotechar=form.quote), [])
        names = [name.strip() for name in columns]
        if form.columns <= set(names) and len(names) <= MAX_COLUMNS:
            return number, names
    return None


def _read(text: str, header: tuple[int, list[str]], form: Form) -> list[Statement]:
    accounts: dict[tuple[str, str], list[Line]] = {}
    owners: dict[tuple[str, str], str] = {}
    for number, row in _rows(text, header, form):
        try:
            account = account_of(row[form.account]) if form.account else "-"
            key = account, currency(form.fixed_currency or row[form.currency or ""].strip())
            if not account:
                raise Refused("no account is named")
            accounts.setdefault(key, []).append(_line(row, number, form))
            if form.owner:
                owners.setdefault(key, told(row[form.owner]))
        except Refused as refused:
            raise refused.at(f"line {number}") from None
    if not accounts:
        raise Refused("there is no line below the header", f"line {header[0]}")
    return [_statement(key, lines, owners.get(key, ""), form) for key, lines in accounts.items()]


def _rows(text: str, header: tuple[int, list[str]], form: Form) -> Iterator[tuple[int, Row]]:
    """Each row with the number of its last line. A row is as wide as the header."""
    above, names = header
    source = StringIO(text)
    for _ in range(above):
        next(source)
    reader = csv.reader(source, delimiter=form.delimiter, quotechar=form.quote, strict=True)
    count = 0
    try:
        for cells in reader:
            if not any(cells):
                continue
            count += 1
            number = above + reader.line_num
            if count > MAX_LINES:
                raise Refused(f"more than {MAX_LINES:,} lines", f"line {number}")
            if len(cells) != len(names):
                raise Refused(f"{len(cells)} cells where the header has {len(names)}", f"line {number}")
            yield number, dict(zip(names, cells, strict=True))
    except csv.Error as error:
        raise Refused(f"this is no CSV: {error}", f"line {above + reader.line_num}") from None


def _line(row: Row, number: int, form: Form) -> Line:
    kind = row[form.kind].strip() if form.kind else ""
    return Line(
        booked=day_of(row[form.booked].strip(), form.dates),
        amount=_amount(row, form),
        valued=day_of(row[form.valued].strip(), form.dates) if form.valued and row[form.valued].strip() else None,
        balance=_number(row[form.balance], form) if form.balance and row[form.balance].strip() else None,
        counterparty=told(" ".join(row[name] for name in form.counterparty)),
        reference=told(row[form.reference]) if form.reference else "",
        text=told(" ".join(row[name] for name in form.text)),
        kind=told(kind),
        returned="RETURN" if kind in form.returned_when else "",
        place=number,
    )


def _amount(row: Row, form: Form) -> Decimal:
    where = form.amount
    if where.signed is not None:
        return _number(row[where.signed], form)
    if where.unsigned is not None and where.indicator is not None:
        said, found = row[where.indicator].strip(), _number(row[where.unsigned], form)
        if said not in (*where.debit_when, *where.credit_when):
            raise Refused(f"the column {where.indicator!r} says neither debit nor credit")
        return -found if said in where.debit_when else found
    debit, credit = (row[name or ""].strip() for name in (where.debit, where.credit))
    if bool(debit) == bool(credit):
        raise Refused(f"one of the columns {where.debit!r} and {where.credit!r} has the amount")
    return _number(credit, form) if credit else -abs(_number(debit, form))


def _number(text: str, form: Form) -> Decimal:
    text = text.strip()
    if form.thousands:
        text = text.replace(form.thousands, "")
    return amount(text.replace(form.decimal, ".") if form.decimal != "." else text)


def _statement(key: tuple[str, str], lines: Sequence[Line], owner: str, form: Form) -> Statement:
    """In order of time. Where the lines have balances these give the statement's own."""
    ordered = lines[::-1] if form.newest_first or _backwards(lines) else lines
    first, last = ordered[0], ordered[-1]
    return Statement(
        form=f"CSV {form.name}",
        account=key[0],
        currency=key[1],
        lines=ordered,
        opening=Balance(first.booked, first.balance - first.amount) if first.balance is not None else None,
        closing=Balance(last.booked, last.balance) if last.balance is not None else None,
        owner=owner,
        place=f"line {first.place}",
    )


def _backwards(lines: Sequence[Line]) -> bool:
    """The newest line stands first, and no line is older than one below it."""
    return lines[0].booked > lines[-1].booked and all(one.booked >= other.booked for one, other in pairwise(lines))
