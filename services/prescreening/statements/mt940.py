"""SWIFT customer statement messages, MT940."""

import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from io import StringIO
from typing import Any

import mt940 as library

from services.prescreening.statements.form import Balance, Line, Refused, Statement
from services.prescreening.statements.values import account_of, bounded, currency, told

BEGINNING = re.compile(r"^:20:", re.MULTILINE)
# The envelope of a FIN message around its text block, and what ends one.
ENVELOPE = re.compile(r"^(\{[1-5]:.*|-\}.*|[\x01\x03]+)$", re.MULTILINE)
LINES = re.compile(r"^:61:", re.MULTILINE)
# Dutch banks write the account's currency behind its number.
CURRENCY_BEHIND = re.compile(r"\s+[A-Z]{3}$")
MAX_LINES = 200_000
# SWIFT's type of a returned item; the business codes of German banks for returned direct debits and transfers.
RETURNED_TYPES = frozenset({"NRTI", "FRTI", "SRTI"})
RETURNED_CODES = frozenset({"108", "109", "159", "181", "184"})
REVERSALS = frozenset({"RC", "RD"})
OPENINGS = ("final_opening_balance", "intermediate_opening_balance", "opening_balance")
CLOSINGS = ("final_closing_balance", "intermediate_closing_balance", "closing_balance")
OPTIONS = library.Options.all()


def read(text: str) -> list[Statement]:
    """Every statement of a file, a page of several as one each; raises Refused with the line."""
    text = ENVELOPE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(LINES.findall(text)) > MAX_LINES:
        raise Refused(f"more than {MAX_LINES:,} lines")
    begins = [found.start() for found in BEGINNING.finditer(text)]
    ends = [*begins[1:], len(text)]
    places = _lines_at(text, begins)
    return [
        _statement(text[begin:end], place, number)
        for number, (begin, end, place) in enumerate(zip(begins, ends, places, strict=True), start=1)
    ]


def _lines_at(text: str, places: Iterable[int], first: int = 1) -> list[int]:
    """The numbers of the lines at ascending places in a text that begins with line `first`."""
    found, at, line = [], 0, first
    for place in places:
        line += text.count("\n", at, place)
        at = place
        found.append(line)
    return found


def _statement(block: str, line: int, number: int) -> Statement:
    parsed = _parsed(block, line)
    data = parsed.data
    places = _lines_at(block, (found.start() for found in LINES.finditer(block)), line)
    if len(places) != len(parsed.transactions):
        raise Refused("a statement line (:61:) has not the parts that it must have", f"line {line}")
    account = account_of(CURRENCY_BEHIND.sub("", str(data.get("account_identification") or "")))
    if not account:
        raise Refused("no account is named (:25:)", f"line {line}")
    opening, closing = (_balance(data, names, line) for names in (OPENINGS, CLOSINGS))
    if opening is None or closing is None:
        raise Refused("a statement has an opening (:60:) and a closing balance (:62:)", f"line {line}")
    if opening[0] != closing[0]:
        raise Refused("the balances are in two currencies", f"line {line}")
    return Statement(
        form="MT940",
        account=account,
        currency=opening[0],
        lines=list(_lines(parsed, places)),
        opening=opening[1],
        closing=closing[1],
        number=str(data.get("statement_number") or ""),
        page=str(data.get("sequence_number") or ""),
        place=f"statement {number}, line {line}",
    )


def _parsed(block: str, line: int) -> Any:
    """What the library reads; it is given a stream, as it would open a text that names a file."""
    _silence()
    try:
        (parsed,) = library.parse_statements(StringIO(block), options=OPTIONS)
    except Exception as error:  # it fails in as many ways as there are broken files
        raise Refused("a field has not the form that it must have", _failed(error, block, line)) from None
    return parsed


def _silence() -> None:
    """The library logs what it cannot read, and that is somebody's."""
    logging.getLogger("mt940").setLevel(logging.CRITICAL)


def _failed(error: Exception, block: str, line: int) -> str:
    """Where the value stands that could not be read, as far as the library says."""
    value = error.args[2] if len(error.args) == 3 else None
    at = block.find(value.split("\n")[0]) if isinstance(value, str) else -1
    return f"line {line + block.count(chr(10), 0, at)}" if at >= 0 else f"the statement at line {line}"


def _balance(data: Mapping[str, Any], names: tuple[str, ...], line: int) -> tuple[str, Balance] | None:
    found = next((data[name] for name in names if name in data), None)
    if found is None:
        return None
    try:
        return currency(found.amount.currency or ""), Balance(bounded(_plain(found.date)), found.amount.amount)
    except Refused as refused:
        raise refused.at(f"the balances of the statement at line {line}") from None


def _lines(parsed: Any, places: list[int]) -> Iterator[Line]:
    for transaction, place in zip(parsed.transactions, places, strict=True):
        try:
            yield _line(transaction.data, place)
        except Refused as refused:
            raise refused.at(f"line {place}") from None


def _line(data: Mapping[str, Any], place: int) -> Line:
    valued = bounded(_plain(data["date"]))
    details = str(data.get("transaction_details") or "")
    return Line(
        booked=bounded(_plain(data["entry_date"])) if isinstance(data.get("entry_date"), date) else valued,
        amount=data["amount"].amount,
        valued=valued,
        counterparty=told(data.get("applicant_name") or ""),
        reference=told(data.get("bank_reference") or data.get("end_to_end_reference") or ""),
        text=told(data.get("purpose") or details or data.get("extra_details") or ""),
        kind=str(data.get("transaction_code") or data.get("id") or ""),
        returned=_returned(data),
        place=place,
    )


def _returned(data: Mapping[str, Any]) -> str:
    code, kind = str(data.get("transaction_code") or ""), str(data.get("id") or "")
    came_back = kind in RETURNED_TYPES or code in RETURNED_CODES or str(data.get("status")).upper() in REVERSALS
    return "RETURN" if came_back else ""


def _plain(day: date) -> date:
    """The library's dates are a class of their own."""
    return date(day.year, day.month, day.day)
