"""Open Financial Exchange, version 1 (SGML) and 2 (XML): statements of bank accounts and of credit cards."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache
from xml.etree.ElementTree import Element
from xml.sax.saxutils import unescape

from ofxtools.Parser import TreeBuilder

from services.prescreening.statements.form import Balance, Line, Refused, Statement
from services.prescreening.statements.markup import refuse_types
from services.prescreening.statements.values import account_of, amount, currency, day_of, told

NEWLINE = "\n"
BODY = re.compile(r"<OFX>")
STATEMENTS, ACCOUNTS = ("STMTRS", "CCSTMTRS"), ("BANKACCTFROM", "CCACCTFROM")
CARD = "OFX card"
MAX_LINES = 200_000
# There is no code for a payment that came back; banks of the United States say so in its name or memo.
RETURNED = re.compile(r"\b(NSF|RETURNED (ITEM|CHECK|PAYMENT|DEBIT)|RETURN ITEM|UNPAID|REVERSAL)\b", re.IGNORECASE)


def read(text: str) -> list[Statement]:
    """Every statement of a response; raises Refused with the statement's and the transaction's number."""
    root = _parsed(text)
    found = [element for element in root.iter() if element.tag in STATEMENTS]
    if not found:
        raise Refused("there is no statement in the response", "OFX")
    statements = []
    for number, element in enumerate(found, start=1):
        place = f"{element.tag}[{number}]"
        try:
            statements.append(_statement(element)._replace(place=place))
        except Refused as refused:
            raise Refused(refused.reason, "/".join(part for part in (place, refused.place) if part)) from None
    return statements


def _parsed(text: str) -> Element:
    """The tree of a message, its header left aside: what that says of the encoding is already followed."""
    refuse_types(text)
    body = BODY.search(text)
    if body is None:
        raise Refused("there is no <OFX> in the file")
    if "</OFX>" not in text:
        raise Refused("the file ends before </OFX>", f"line {text.count(NEWLINE) + 1}")
    if text.count("<STMTTRN>") > MAX_LINES:
        raise Refused(f"more than {MAX_LINES:,} transactions")
    builder = TreeBuilder()
    try:
        builder.feed(text[body.start() :].strip())
        root = builder.close()
    except Exception as error:  # ParseError quotes the text; a tree of tags that do not close fails an assertion
        at = re.search(r"position=\[(\d+):", str(error))
        line = text.count(NEWLINE, 0, body.start() + int(at[1])) + 1 if at else text.count(NEWLINE) + 1
        raise Refused("the tags do not fit each other", f"line {line}") from None
    if not isinstance(root, Element):
        raise Refused("there is nothing in the response", "OFX")
    return root


def _text(element: Element, path: str) -> str:
    return _plain(element.findtext(path))


def _plain(text: str | None) -> str:
    """OFX 2.3.2.1: the few characters that are escaped."""
    if not text or "&" not in text:
        return (text or "").strip()
    return unescape(text, {"&nbsp;": " ", "&quot;": '"', "&apos;": "'"}).strip()


def _statement(element: Element) -> Statement:
    holder = next((one for one in map(element.find, ACCOUNTS) if one is not None), None)
    account = account_of(_text(holder, "ACCTID")) if holder is not None else ""
    if not account:
        raise Refused("no account is named", "ACCTID")
    listed = element.find("BANKTRANLIST")
    ledger = element.find("LEDGERBAL")
    lines = [] if listed is None else list(_lines(listed))
    lines.sort(key=lambda line: line.booked)
    return Statement(
        form=CARD if element.tag == "CCSTMTRS" else "OFX",
        account=account,
        currency=currency(_text(element, "CURDEF")),
        lines=lines,
        closing=None if ledger is None else Balance(_day(_text(ledger, "DTASOF")), _amount(_text(ledger, "BALAMT"))),
        first=_day(_text(listed, "DTSTART")) if listed is not None and listed.find("DTSTART") is not None else None,
        last=_day(_text(listed, "DTEND")) if listed is not None and listed.find("DTEND") is not None else None,
    )


def _lines(listed: Element) -> Iterator[Line]:
    for number, one in enumerate(listed.iterfind("STMTTRN"), start=1):
        try:
            parts = {child.tag: _plain(child.text) for child in one}
            name, memo = parts.get("NAME") or _text(one, "PAYEE/NAME"), parts.get("MEMO", "")
            yield Line(
                booked=_day(parts.get("DTPOSTED", "")),
                amount=_amount(parts.get("TRNAMT", "")),
                valued=_day(parts["DTAVAIL"]) if "DTAVAIL" in parts else None,
                counterparty=told(name),
                reference=parts.get("FITID", ""),
                text=told(memo),
                kind=parts.get("TRNTYPE", ""),
                returned="RETURN" if RETURNED.search(f"{name} {memo}") else "",
                place=number,
            )
        except Refused as refused:
            raise refused.at(f"STMTTRN[{number}]") from None


def _amount(text: str) -> Decimal:
    """OFX 3.2.9.1: a comma or a point before the decimals, no separators of thousands."""
    return amount(text.replace(",", ".", 1))


@lru_cache(10_000)
def _day(text: str) -> date:
    """OFX 3.2.8: YYYYMMDD, and as far as it is given the time with its zone; the day is the bank's own."""
    return day_of(text[:8], "%Y%m%d")
