"""ISO 20022 bank to customer statements, camt.053.001.02 and later."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from lxml import etree

from services.prescreening.statements.form import Balance, Line, Refused, Statement, Sums
from services.prescreening.statements.markup import ends
from services.prescreening.statements.values import account_of, amount, currency, iso_day, told

NAMESPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:camt\.(05[234])\.001\.(\d{2})")
OTHERS = {"052": "an account report of the day", "054": "a notification of single bookings"}
# Booked balances only; OPBD before PRCD, the closing balance of the statement before.
OPENING, CLOSING = ("OPBD", "PRCD"), ("CLBD",)
CREDIT, DEBIT = "CRDT", "DBIT"
BOOKED = "BOOK"
# Bank transaction sub-families of returned payments (external code set 20Q3).
RETURNS = frozenset({"RRTN", "UPDD", "PRDD", "RPCR", "UPCT", "UPCQ", "RCDD"})
MAX_LINES = 200_000

Parts = Mapping[str, etree._Element]


def read(text: str) -> list[Statement]:
    """Every statement of a document; raises Refused with the statement's and the entry's number."""
    _refuse_others(text)
    statements, entries = list[Statement](), _Entries()
    for element in ends(text, "Ntry", "Stmt"):
        place = f"Stmt[{len(statements) + 1}]"
        try:
            if element.tag.endswith("}Ntry"):
                entries.seen += 1
                place += f"/Ntry[{entries.seen}]"
                entries.add(element)
            else:
                statements.append(_statement(element, entries)._replace(place=place))
                entries = _Entries()
        except Refused as refused:
            raise refused.at(place) from None
        element.clear()
    if not statements:
        raise Refused("there is no statement in the document", "Document/BkToCstmrStmt")
    return statements


class _Entries:
    """The entries of one statement."""

    def __init__(self) -> None:
        self.seen = 0
        self.lines: list[Line] = []
        self.currencies: set[str | None] = set()

    def add(self, entry: etree._Element) -> None:
        """A booked entry is a line; one that is pending or for information is none."""
        if self.seen > MAX_LINES:
            raise Refused(f"more than {MAX_LINES:,} entries")
        parts = _parts(entry)
        if _status(parts) == BOOKED:
            self.lines.append(_line(parts, self.seen))
            self.currencies.add(parts["Amt"].get("Ccy"))

    @property
    def all_booked(self) -> bool:
        """The statement's sums count what is pending, too."""
        return len(self.lines) == self.seen


def _refuse_others(text: str) -> None:
    found = NAMESPACE.search(text, 0, 5000)
    if found and found[1] in OTHERS:
        raise Refused(f"camt.{found[1]} is {OTHERS[found[1]]}, not a statement", "Document")


def _parts(element: etree._Element | None) -> Parts:
    """The children of an element by local name, the first of each."""
    found: dict[str, etree._Element] = {}
    for child in element if element is not None else ():
        found.setdefault(child.tag.rpartition("}")[2], child)
    return found


def _down(element: etree._Element | None, *names: str) -> etree._Element | None:
    """The first child of each name in turn."""
    for name in names:
        if element is None:
            return None
        element = next((child for child in element if child.tag.endswith(f"}}{name}")), None)
    return element


def _text(element: etree._Element | None) -> str:
    return (element.text or "").strip() if element is not None else ""


def _line(parts: Parts, number: int) -> Line:
    if "Amt" not in parts or "BookgDt" not in parts:
        raise Refused("a booked entry needs Amt and BookgDt")
    details = _parts(_down(parts.get("NtryDtls"), "TxDtls"))
    came_in = _came_in(parts)
    kind = _kind(parts.get("BkTxCd"))
    return Line(
        booked=_day(parts["BookgDt"]),
        amount=_amount(parts["Amt"], came_in),
        valued=_day(parts["ValDt"]) if "ValDt" in parts else None,
        counterparty=_counterparty(details.get("RltdPties"), came_in),
        reference=_text(parts.get("AcctSvcrRef")) or _text(parts.get("NtryRef")),
        text=told(_text(_down(details.get("RmtInf"), "Ustrd")) or _text(parts.get("AddtlNtryInf"))),
        kind=kind,
        returned=_returned(parts, details, kind),
        place=number,
    )


def _status(parts: Parts) -> str:
    """The status, as text until version 7, as a code since."""
    status = parts.get("Sts")
    return _text(_down(status, "Cd") if status is not None and len(status) else status)


def _came_in(parts: Parts) -> bool:
    """The indicator tells where the money went, of a reversal too (`RvslInd` tells what the entry undoes)."""
    indicator = _text(parts.get("CdtDbtInd"))
    if indicator not in (CREDIT, DEBIT):
        raise Refused("CdtDbtInd is CRDT or DBIT")
    return indicator == CREDIT


def _amount(element: etree._Element, came_in: bool) -> Decimal:
    found = amount(_text(element))
    if found < 0:
        raise Refused("an amount is written without a sign")
    return found if came_in else -found


def _day(element: etree._Element | None) -> date:
    """The day of a choice of Dt and DtTm."""
    chosen = element[0] if element is not None and len(element) else None
    return iso_day(_text(chosen))


def _kind(code: etree._Element | None) -> str:
    return _text(_down(code, "Domn", "Fmly", "SubFmlyCd")) or _text(_down(code, "Prtry", "Cd"))


def _counterparty(parties: etree._Element | None, came_in: bool) -> str:
    """Who paid or was paid; since version 8 the name stands in a Pty."""
    party = _down(parties, "Dbtr" if came_in else "Cdtr")
    return told(_text(_down(party, "Nm")) or _text(_down(party, "Pty", "Nm")))


def _returned(parts: Parts, details: Parts, kind: str) -> str:
    if "RtrInf" in details:
        reason = _parts(_down(details["RtrInf"], "Rsn"))
        return _text(reason.get("Cd")) or _text(reason.get("Prtry")) or "RETURN"
    return "RETURN" if kind in RETURNS or _text(parts.get("RvslInd")) in ("true", "1") else ""


def _statement(element: etree._Element, entries: _Entries) -> Statement:
    parts = _parts(element)
    account = _parts(parts.get("Acct"))
    balances = list(_balances(element))
    code = _text(account.get("Ccy")) or next((one for _, one, _ in balances), "")
    if not code:
        raise Refused("no currency is given by the account or a balance", "Acct/Ccy")
    if {code} != {code, *entries.currencies, *(one for _, one, _ in balances)}:
        raise Refused(f"an entry or a balance is in another currency than the account's {currency(code)}")
    period = _parts(parts.get("FrToDt"))
    return Statement(
        form="CAMT.053",
        account=_account(account.get("Id")),
        currency=currency(code),
        lines=entries.lines,
        opening=_balance(balances, OPENING),
        closing=_balance(balances[::-1], CLOSING),
        owner=told(_text(_down(account.get("Ownr"), "Nm"))),
        number=_text(parts.get("ElctrncSeqNb")) or _text(parts.get("LglSeqNb")),
        page=_text(_down(parts.get("StmtPgntn"), "PgNb")),
        first=iso_day(_text(period["FrDtTm"])) if "FrDtTm" in period else None,
        last=iso_day(_text(period["ToDtTm"])) if "ToDtTm" in period else None,
        sums=_sums(_parts(parts.get("TxsSummry"))) if entries.all_booked else Sums(),
    )


def _account(identification: etree._Element | None) -> str:
    parts = _parts(identification)
    found = account_of(_text(parts.get("IBAN")) or _text(_down(parts.get("Othr"), "Id")))
    if not found:
        raise Refused("no account is named", "Acct/Id")
    return found


def _balances(element: etree._Element) -> Iterator[tuple[str, str, Balance]]:
    for balance in element.iterchildren("{*}Bal"):
        parts = _parts(balance)
        kind = _text(_down(parts.get("Tp"), "CdOrPrtry", "Cd"))
        if kind not in (*OPENING, *CLOSING):
            continue
        if "Amt" not in parts:
            raise Refused("a balance needs Amt", "Bal")
        found = _amount(parts["Amt"], _came_in(parts))
        yield kind, currency(parts["Amt"].get("Ccy", "")), Balance(_day(parts.get("Dt")), found)


def _balance(balances: list[tuple[str, str, Balance]], kinds: tuple[str, ...]) -> Balance | None:
    return next((balance for kind in kinds for one, _, balance in balances if one == kind), None)


def _sums(summary: Parts) -> Sums:
    """Version 2 has the net amount beside its indicator, later ones within TtlNetNtry."""
    total = _parts(summary.get("TtlNtries"))
    net = _parts(total["TtlNetNtry"]) if "TtlNetNtry" in total else {"Amt": total.get("TtlNetNtryAmt"), **total}
    count = _text(total.get("NbOfNtries"))
    return Sums(
        entries=int(count) if count.isdecimal() and len(count) < 10 else None,
        net=_amount(net["Amt"], _came_in(net)) if net.get("Amt") is not None and "CdtDbtInd" in net else None,
        credits=_sum(summary.get("TtlCdtNtries")),
        debits=_sum(summary.get("TtlDbtNtries")),
    )


def _sum(total: etree._Element | None) -> Decimal | None:
    text = _text(_parts(total).get("Sum"))
    return amount(text) if text else None
