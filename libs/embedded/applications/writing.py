"""Statements as banks give them out: CAMT.053 version 02, MT940, OFX 2, CSV. The balances are the bank's own."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple
from xml.etree import ElementTree

from libs.embedded.applications.life import Line, Year, last_day

CAMT = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"
BANK, CURRENCY = "SAMPDEFFXXX", "EUR"


class Account(NamedTuple):
    """Whose account a statement is of, what happened there, and of which months it is.

    `shown` is what stands there: it may differ from what the bank knows.
    """

    iban: str
    owner: str
    year: Year
    shown: Year
    kept: Sequence[date]

    @property
    def lines(self) -> list[Line]:
        """What stands there."""
        return [line for month in self.kept for line in self.shown.of(month)]


class _Month(NamedTuple):
    number: int
    first: date
    last: date
    opening: Decimal
    closing: Decimal
    lines: list[Line]


def _months(account: Account) -> Iterator[_Month]:
    balance = account.year.opening
    for number, month in enumerate(account.year.months, 1):
        before, balance = balance, balance + sum((line.amount for line in account.year.of(month)), Decimal(0))
        if month in account.kept:
            yield _Month(number, month, last_day(month), before, balance, account.shown.of(month))


def camt053(account: Account) -> bytes:
    """One document with a statement a month."""
    root = ElementTree.Element("Document", xmlns=CAMT)
    whole = ElementTree.SubElement(root, "BkToCstmrStmt")
    header = _add(whole, "GrpHdr")
    _add(header, "MsgId", f"M{account.iban[-8:]}")
    _add(header, "CreDtTm", f"{account.year.months[-1]}T06:00:00")
    for month in _months(account):
        _camt_month(_add(whole, "Stmt"), account, month, month.number)
    return bytes(ElementTree.tostring(root, "UTF-8", xml_declaration=True))


def _camt_month(stmt: ElementTree.Element, account: Account, month: _Month, number: int) -> None:
    _add(stmt, "Id", f"{account.iban[-8:]}-{number}")
    _add(stmt, "ElctrncSeqNb", str(number))
    _add(stmt, "CreDtTm", f"{month.last}T23:59:00")
    period = _add(stmt, "FrToDt")
    _add(period, "FrDtTm", f"{month.first}T00:00:00")
    _add(period, "ToDtTm", f"{month.last}T23:59:59")
    own = _add(stmt, "Acct")
    _add(_add(own, "Id"), "IBAN", account.iban)
    _add(own, "Ccy", CURRENCY)
    _add(_add(own, "Ownr"), "Nm", account.owner)
    _camt_balance(stmt, "OPBD", month.first, month.opening)
    _camt_balance(stmt, "CLBD", month.last, month.closing)
    for place, line in enumerate(month.lines):
        _camt_entry(stmt, line, f"{number:02}{place:04}")


def _camt_balance(stmt: ElementTree.Element, code: str, day: date, amount: Decimal) -> None:
    balance = _add(stmt, "Bal")
    _add(_add(_add(balance, "Tp"), "CdOrPrtry"), "Cd", code)
    _amount(balance, amount)
    _add(_add(balance, "Dt"), "Dt", day.isoformat())


def _camt_entry(stmt: ElementTree.Element, line: Line, reference: str) -> None:
    entry = _add(stmt, "Ntry")
    _amount(entry, line.amount)
    _add(entry, "Sts", "BOOK")
    for name in ("BookgDt", "ValDt"):
        _add(_add(entry, name), "Dt", line.day.isoformat())
    _add(entry, "AcctSvcrRef", reference)
    domain = _add(_add(entry, "BkTxCd"), "Domn")
    _add(domain, "Cd", "PMNT")
    family = _add(domain, "Fmly")
    _add(family, "Cd", "RDDT" if line.returned else "RCDT" if line.amount > 0 else "ICDT")
    _add(family, "SubFmlyCd", "UPDD" if line.returned else "ESCT")
    details = _add(_add(entry, "NtryDtls"), "TxDtls")
    party = _add(_add(details, "RltdPties"), "Dbtr" if line.amount > 0 else "Cdtr")
    _add(party, "Nm", line.counterparty)
    _add(_add(details, "RmtInf"), "Ustrd", line.text)
    if line.returned:
        _add(_add(_add(details, "RtrInf"), "Rsn"), "Cd", "AM04")


def _amount(parent: ElementTree.Element, amount: Decimal) -> None:
    _add(parent, "Amt", f"{abs(amount):.2f}").set("Ccy", CURRENCY)
    _add(parent, "CdtDbtInd", "CRDT" if amount >= 0 else "DBIT")


def mt940(account: Account) -> bytes:
    """A message a month, as German banks fill it in."""
    return "".join(_message(account, month, month.number) for month in _months(account)).encode()


def _message(account: Account, month: _Month, number: int) -> str:
    lines = [
        f":20:STMT{number:05}",
        f":25:{account.iban}",
        f":28C:{number:05}/001",
        f":60F:{_mt_balance(month.first - timedelta(days=1), month.opening)}",
    ]
    for place, line in enumerate(month.lines):
        mark = ("RD" if line.returned and line.amount > 0 else "C") if line.amount > 0 else "D"
        code = "NRTI" if line.returned else "NTRF"
        lines.append(
            f":61:{line.day:%y%m%d}{line.day:%m%d}{mark}{_comma(line.amount)}{code}NONREF//{number:02}{place:04}"
        )
        business = "109" if line.returned else "166" if line.amount > 0 else "116"
        lines.append(f":86:{business}?00{'RETOURE' if line.returned else 'UEBERWEISUNG'}?20{_swift(line.text)[:27]}")
        lines[-1] += f"?32{_swift(line.counterparty)[:27]}"
    lines.append(f":62F:{_mt_balance(month.last, month.closing)}")
    return "\r\n".join([*lines, "-", ""])


def _mt_balance(day: date, amount: Decimal) -> str:
    return f"{'C' if amount >= 0 else 'D'}{day:%y%m%d}{CURRENCY}{_comma(amount)}"


def _comma(amount: Decimal) -> str:
    return f"{abs(amount):.2f}".replace(".", ",")


def _swift(text: str) -> str:
    """In SWIFT's character set, with the letters that German banks write for umlauts."""
    for letter, pair in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"), ("Ä", "Ae"), ("Ö", "Oe"), ("Ü", "Ue")):
        text = text.replace(letter, pair)
    return text


def ofx(account: Account) -> bytes:
    """One statement over the whole time, with the balance at its end."""
    root = ElementTree.Element("OFX")
    signon = _add(_add(root, "SIGNONMSGSRSV1"), "SONRS")
    _status(signon)
    end = f"{account.kept[-1]:%Y%m}28120000"
    _add(signon, "DTSERVER", end)
    _add(signon, "LANGUAGE", "GER")
    answer = _add(_add(root, "BANKMSGSRSV1"), "STMTTRNRS")
    _add(answer, "TRNUID", "1")
    _status(answer)
    statement = _add(answer, "STMTRS")
    _add(statement, "CURDEF", CURRENCY)
    own = _add(statement, "BANKACCTFROM")
    for name, text in (("BANKID", account.iban[4:12]), ("ACCTID", account.iban), ("ACCTTYPE", "CHECKING")):
        _add(own, name, text)
    months = list(_months(account))
    booked = _add(statement, "BANKTRANLIST")
    _add(booked, "DTSTART", f"{months[0].first:%Y%m%d}")
    _add(booked, "DTEND", f"{months[-1].last:%Y%m%d}")
    for number, line in enumerate(account.lines):
        _ofx_line(_add(booked, "STMTTRN"), line, number)
    balance = _add(statement, "LEDGERBAL")
    _add(balance, "BALAMT", f"{months[-1].closing:.2f}")
    _add(balance, "DTASOF", f"{months[-1].last:%Y%m%d}")
    declaration = b'<?xml version="1.0" encoding="UTF-8"?>\n<?OFX OFXHEADER="200" VERSION="203" SECURITY="NONE"'
    return (
        declaration
        + b' OLDFILEUID="NONE" NEWFILEUID="NONE"?>\n'
        + bytes(ElementTree.tostring(root, "UTF-8", xml_declaration=False))
    )


def _ofx_line(parent: ElementTree.Element, line: Line, number: int) -> None:
    kind = "CREDIT" if line.amount > 0 else "DEBIT"
    _add(parent, "TRNTYPE", kind)
    _add(parent, "DTPOSTED", f"{line.day:%Y%m%d}")
    _add(parent, "TRNAMT", f"{line.amount:.2f}")
    _add(parent, "FITID", f"F{number:06}")
    _add(parent, "NAME", line.counterparty[:32])
    _add(parent, "MEMO", line.text)


def _status(parent: ElementTree.Element) -> None:
    status = _add(parent, "STATUS")
    _add(status, "CODE", "0")
    _add(status, "SEVERITY", "INFO")


def _add(parent: ElementTree.Element, name: str, text: str | None = None) -> ElementTree.Element:
    found = ElementTree.SubElement(parent, name)
    found.text = text
    return found


def bank_csv(account: Account) -> bytes:
    """A table with the balance after each line, in the columns of the mapping `bank-balance`."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(
        (
            "Date",
            "Amount",
            "Balance",
            "Account",
            "Currency",
            "Owner",
            "Counterparty",
            "Reference",
            "Description",
            "Type",
        )
    )
    balance = account.year.opening
    for number, (real, line) in enumerate(zip(account.year.lines, account.shown.lines, strict=True)):
        balance += real.amount
        if line.day.replace(day=1) not in account.kept:
            continue
        kind = "RETURN" if line.returned else "TRANSFER"
        table.writerow(
            (line.day, f"{line.amount:.2f}", f"{balance:.2f}", account.iban, CURRENCY, account.owner,
             line.counterparty, f"R{number:06}", line.text, kind)
        )  # fmt: skip
    return out.getvalue().encode()


FORMS: dict[str, Callable[[Account], bytes]] = {"CAMT053": camt053, "MT940": mt940, "OFX": ofx, "CSV": bank_csv}
