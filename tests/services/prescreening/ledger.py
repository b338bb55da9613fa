"""Statements for tests: a salaried life of some months, in the one form and as banks write it."""

from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from xml.sax.saxutils import escape

from services.prescreening.statements.form import Balance, Line, Statement

IBAN = "DE89370400440532013000"
ZERO = Decimal(0)
CAMT = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"


def lines_of(year: int, month: int, salary: str = "2400.00") -> list[Line]:
    """Rent, a shop, salary."""
    day = date(year, month, 1)
    return [
        Line(day, Decimal("-950.00"), counterparty="Landlord", reference=f"{month}-1", place=1),
        Line(day.replace(day=15), Decimal(f"-{600 + month * 7}.35"), None, None, "Shop", f"{month}-2", place=2),
        Line(day.replace(day=25), Decimal(salary), counterparty="Acme GmbH", reference=f"{month}-3", place=3),
    ]  # fmt: skip


def statement(lines: Sequence[Line], opening: Decimal = ZERO, number: int = 1, **more: object) -> Statement:
    """A statement of the month of its first line, with balances that add up."""
    first = lines[0].booked.replace(day=1)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    total = sum((line.amount for line in lines), opening)
    whole = Statement(
        "CAMT.053", IBAN, "EUR", tuple(lines), Balance(first, opening), Balance(last, total),
        number=str(number), first=first, last=last, file=f"file-{number}",
    )  # fmt: skip
    return whole._replace(**more)  # type: ignore[arg-type]


def year(months: int = 12, opening: str = "3000.00", salary: str = "2400.00") -> list[Statement]:
    """The statements of so many months up to December 2025, each going on where the one before it stopped."""
    found: list[Statement] = []
    balance = Decimal(opening)
    for month in range(13 - months, 13):
        one = statement(lines_of(2025, month, salary), balance, month)
        assert one.closing
        balance = one.closing.amount
        found.append(one)
    return found


def with_balances(lines: Sequence[Line], opening: Decimal) -> list[Line]:
    """The lines with the balance after each."""
    running, found = opening, []
    for line in lines:
        running += line.amount
        found.append(line._replace(balance=running))
    return found


def as_camt(statement: Statement) -> bytes:
    """CAMT.053 of version 8."""
    entries = "".join(
        f'<Ntry><Amt Ccy="{statement.currency}">{abs(line.amount)}</Amt><CdtDbtInd>{_sign(line.amount)}</CdtDbtInd>'
        f"<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{line.booked}</Dt></BookgDt><AcctSvcrRef>{line.reference}</AcctSvcrRef>"
        f"<NtryDtls><TxDtls><RltdPties><{_party(line)}><Pty><Nm>{escape(line.counterparty)}</Nm></Pty></{_party(line)}>"
        "</RltdPties></TxDtls></NtryDtls></Ntry>"
        for line in statement.lines
    )
    return (
        f'<Document xmlns="{CAMT}"><BkToCstmrStmt><Stmt><ElctrncSeqNb>{statement.number}</ElctrncSeqNb>'
        f"<FrToDt><FrDtTm>{statement.first}T00:00:00</FrDtTm><ToDtTm>{statement.last}T00:00:00</ToDtTm></FrToDt>"
        f"<Acct><Id><IBAN>{statement.account}</IBAN></Id><Ccy>{statement.currency}</Ccy></Acct>"
        f"{_balance('OPBD', statement, statement.opening)}{_balance('CLBD', statement, statement.closing)}"
        f"{entries}</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def _sign(amount: Decimal) -> str:
    return "CRDT" if amount >= 0 else "DBIT"


def _party(line: Line) -> str:
    return "Dbtr" if line.amount >= 0 else "Cdtr"


def _balance(kind: str, statement: Statement, balance: Balance | None) -> str:
    if balance is None:
        return ""
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>"
        f"<Amt Ccy='{statement.currency}'>{abs(balance.amount)}</Amt>"
        f"<CdtDbtInd>{_sign(balance.amount)}</CdtDbtInd><Dt><Dt>{balance.day}</Dt></Dt></Bal>"
    )


def as_mt940(statement: Statement) -> bytes:
    """MT940, the counterparty as German banks write it."""
    assert statement.opening
    assert statement.closing
    lines = "".join(
        f":61:{line.booked:%y%m%d%m%d}{_mark(line.amount)}NTRFNONREF//{line.reference}\n:86:166?00X?32{line.counterparty}\n"
        for line in statement.lines
    )
    balances = [
        f"{'C' if one.amount >= 0 else 'D'}{one.day:%y%m%d}{statement.currency}{_comma(one.amount)}"
        for one in (statement.opening, statement.closing)
    ]
    return (
        f":20:X\n:25:{statement.account}\n:28C:{statement.number}/1\n:60F:{balances[0]}\n{lines}:62F:{balances[1]}\n-\n"
    ).encode()


def _mark(amount: Decimal) -> str:
    return ("C" if amount >= 0 else "D") + _comma(amount)


def _comma(amount: Decimal) -> str:
    return f"{abs(amount)}".replace(".", ",")


def as_ofx(statement: Statement) -> bytes:
    """OFX of version 1; it has no opening balance."""
    assert statement.closing
    lines = "".join(
        f"<STMTTRN><TRNTYPE>OTHER<DTPOSTED>{line.booked:%Y%m%d}<TRNAMT>{line.amount}<FITID>{line.reference}"
        f"<NAME>{escape(line.counterparty)}</STMTTRN>\n"
        for line in statement.lines
    )
    return (
        "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nSECURITY:NONE\nENCODING:UTF-8\nCHARSET:NONE\nCOMPRESSION:NONE\n"
        f"OLDFILEUID:NONE\nNEWFILEUID:NONE\n\n<OFX><STMTRS><CURDEF>{statement.currency}<BANKACCTFROM><ACCTID>"
        f"{statement.account}</BANKACCTFROM><BANKTRANLIST><DTSTART>{statement.first:%Y%m%d}<DTEND>{statement.last:%Y%m%d}\n"
        f"{lines}</BANKTRANLIST><LEDGERBAL><BALAMT>{statement.closing.amount}<DTASOF>{statement.closing.day:%Y%m%d}"
        "</LEDGERBAL></STMTRS></OFX>"
    ).encode()


def as_csv(statement: Statement) -> bytes:
    """The plain form, with the balance after each line."""
    assert statement.opening
    rows = "".join(
        f'{line.booked},{statement.account},{statement.currency},X,"{line.counterparty}",,{line.amount},{line.balance},'
        f"{line.reference},\n"
        for line in with_balances(statement.lines, statement.opening.amount)
    )
    return ("Date,Account,Currency,Type,Counterparty,Description,Amount,Balance,Reference,Owner\n" + rows).encode()


WRITERS: dict[str, Callable[[Statement], bytes]] = {
    "camt": as_camt,
    "mt940": as_mt940,
    "ofx": as_ofx,
    "csv": as_csv,
}
