"""Files that are broken, lie about what they are, or are made to hurt: each is refused with its place and a reason."""

import gzip
import io
import zipfile
from decimal import Decimal

import pytest

from services.prescreening.statements import decoding, mapped_csv
from services.prescreening.statements.form import Refused
from services.prescreening.statements.mapping import mappings
from services.prescreening.statements.reading import read

FORMS = mappings()
CAMT = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
HEADER = "Date,Account,Currency,Type,Counterparty,Description,Amount,Balance,Reference,Owner"


def camt(entry: str = "", prolog: str = "") -> bytes:
    """A statement of one entry."""
    return (
        f'{prolog}<Document xmlns="{CAMT}"><BkToCstmrStmt><Stmt><Acct><Id><IBAN>X1</IBAN></Id><Ccy>EUR</Ccy></Acct>'
        f"{entry}</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def entry(amount: str = "1.00", day: str = "2025-01-01", text: str = "", code: str = "EUR", sign: str = "CRDT") -> str:
    """One booked entry."""
    return (
        f'<Ntry><Amt Ccy="{code}">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>'
        f"<BookgDt><Dt>{day}</Dt></BookgDt><AddtlNtryInf>{text}</AddtlNtryInf></Ntry>"
    )


def row(amount: str = "1.00", day: str = "2025-01-01", text: str = "tea", balance: str = "1.00") -> bytes:
    """A CSV of one line."""
    return f"{HEADER}\n{day},X1,EUR,POS,Shop,{text},{amount},{balance},1,Ana\n".encode()


def mt940(line: str = ":61:2501010101C1,00NTRFNONREF", closing: str = "C250101EUR1,00") -> bytes:
    """A statement of one line."""
    return f":20:A\n:25:X1\n:28C:1/1\n:60F:C250101EUR0,00\n{line}\n:86:tea\n:62F:{closing}\n".encode()


def ofx(transaction: str = "<DTPOSTED>20250101<TRNAMT>1.00<FITID>1", prolog: str = "") -> bytes:
    """A statement of one transaction."""
    return (
        f"OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nSECURITY:NONE\nENCODING:USASCII\nCHARSET:1252\n\n{prolog}<OFX><STMTRS>"
        f"<CURDEF>EUR<BANKACCTFROM><ACCTID>X1</BANKACCTFROM><BANKTRANLIST><STMTTRN>{transaction}</STMTTRN></BANKTRANLIST>"
        "</STMTRS></OFX>"
    ).encode()


LAUGHS = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
BOMB = gzip.compress(bytes(10_000_000))


def zipped() -> bytes:
    """A workbook is a zip archive."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(10_000_000))
    return kept.getvalue()


@pytest.mark.parametrize("data", [camt(entry()), row(), mt940(), ofx()], ids=["camt", "csv", "mt940", "ofx"])
def test_the_files_that_are_broken_below_are_read_as_they_stand_here(data: bytes) -> None:
    (statement,) = read(data, FORMS)
    assert [line.amount for line in statement.lines] == [Decimal("1.00")]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (camt(entry(), LAUGHS), "evil: line 1: document types and entities are not read"),
        (camt(entry(text="&b;"), OUTSIDE), "evil: line 1: document types and entities are not read"),
        (ofx(prolog=LAUGHS), "evil: line 8: document types and entities are not read"),
        (camt(entry(text="&b;")), "evil: the XML is broken: internal error"),
        (camt(entry(text="<a>" * 300 + "</a>" * 300)), "evil: line 1: the XML is broken: "),
        (camt("<Ntry>"), "evil: line 1: the XML is broken: tag name mismatch"),
        (camt(entry(text="x" * 11_000_000)), "evil: line 1: the XML is broken: "),
        (camt().replace(b"053.001", b"054.001"), "evil: Document: camt.054 is a notification of single bookings"),
        (camt(entry(amount="1e9")), "evil: Stmt[1]/Ntry[1]: this is no amount of money"),
        (camt(entry(amount="NaN")), "evil: Stmt[1]/Ntry[1]: this is no amount of money"),
        (camt(entry(amount="9" * 19)), "evil: Stmt[1]/Ntry[1]: this is no amount of money"),
        (camt(entry(amount="-1.00")), "evil: Stmt[1]/Ntry[1]: an amount is written without a sign"),
        (camt(entry(sign="BOTH")), "evil: Stmt[1]/Ntry[1]: CdtDbtInd is CRDT or DBIT"),
        (camt(entry() + entry(day="2025-02-30")), "evil: Stmt[1]/Ntry[2]: this is no date"),
        (camt(entry(day="9999-12-31")), "evil: Stmt[1]/Ntry[1]: no statement is of the year 9999"),
        (camt(entry(code="USD")), "evil: Stmt[1]: an entry or a balance is in another currency than the account's EUR"),
        (camt(entry(text="=cmd|' /C calc'!A0")), "evil: Stmt[1]/Ntry[1]: a text is a formula"),
        (b"<svg xmlns='x'/>", "evil: line 1: the XML is in no form of bank statements"),
        (b"<html xmlns='http://www.w3.org/1999/xhtml'/>", "evil: the file is a page or a financial statement"),
        (row(text="=HYPERLINK(A1)"), "evil: line 2: a text is a formula"),
        (row(text="@SUM(A1)"), "evil: line 2: a text is a formula"),
        (row(text="+1+cmd|' /C calc'!A0"), "evil: line 2: a text is a formula"),
        (row(amount="=1+1"), "evil: line 2: this is no amount of money"),
        (row(amount="0x10"), "evil: line 2: this is no amount of money"),
        (row(amount="١"), "evil: line 2: this is no amount of money"),
        (row(day="01.02.2025"), "evil: line 2: this is no date of the form %Y-%m-%d"),
        (row() + b"2025-01-02,X1\n", "evil: line 3: 2 cells where the header has 10"),
        (row(text='"tea'), "evil: line 2: this is no CSV"),
        (row(text="te\0a"), "evil: line 2: a NUL stands in the text"),
        (row(text="caf").replace(b"caf", b"caf\xe9"), "evil: line 2: byte 113 is not utf-8"),
        (f"{HEADER}\n".encode(), "evil: line 1: there is no line below the header"),
        (b"Name,Age\nAna,31\n", "evil: line 1: the file is in none of the forms known"),
        (row().decode().encode("utf-16-le"), "evil: line 1: a NUL stands in the text"),
        (b"\xff\xfe" + b'<?xml version="1.0" encoding="iso-8859-1"?><Document/>', "evil: the file declares latin-1"),
        (camt(prolog='<?xml version="1.0" encoding="ebcdic"?>'), "evil: the file declares the encoding ebcdic"),
        (camt(entry(text="é"), '<?xml version="1.0" encoding="us-ascii"?>'), "evil: line 1: byte"),
        (mt940(line=":61:rubbish"), "evil: line 5: a field has not the form that it must have"),
        (mt940(line=":61:2513450101C1,00NTRFNONREF"), "evil: the statement at line 1: a field has not the form"),
        (mt940(line=":61:2501010101C1,00\n:61:2501010101C1,00"), "evil: line 1: a statement line (:61:) has not"),
        (mt940(closing="C250101USD1,00"), "evil: line 1: the balances are in two currencies"),
        (b":20:A\n:25:X1\n:60F:C250101EUR0,00\n", "evil: line 1: a statement has an opening (:60:) and a closing"),
        (b":20:/etc/passwd\n", "evil: line 1: no account is named"),
        (ofx("<DTPOSTED>20250101<TRNAMT>1.00").replace(b"</OFX>", b""), "evil: line 8: the file ends before </OFX>"),
        (ofx("<DTPOSTED>20250101</STMTRS>"), "evil: line 8: the tags do not fit each other"),
        (ofx("<DTPOSTED>20259901<TRNAMT>1.00"), "evil: STMTRS[1]/STMTTRN[1]: this is no date of the form %Y%m%d"),
        (ofx("<DTPOSTED>20250101<TRNAMT>ten"), "evil: STMTRS[1]/STMTTRN[1]: this is no amount of money"),
        (b"OFXHEADER:100\nrubbish", "evil: there is no <OFX> in the file"),
        (zipped(), "evil: the file is an archive or a workbook"),
        (BOMB, "evil: the file is an archive or a workbook"),
        (b"%PDF-1.7\n", "evil: the file is application/pdf, from which no statement is read"),
        (b" \n", "evil: the file is empty"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_statement_is_refused_with_its_place_and_a_reason(data: bytes, told: str) -> None:
    with pytest.raises(Refused) as refused:
        read(data, FORMS, file="evil")
    assert str(refused.value).startswith(told)


@pytest.mark.parametrize("text", ["- 20% discount", "+49 171 2345678", "-refund-", "a=b", "@home", "(+) tax", "=" * 0])
def test_what_only_looks_like_a_formula_is_read(text: str) -> None:
    (statement,) = read(row(text=text), FORMS)
    assert statement.lines[0].text == text


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_file_with_a_mark_is_read_as_its_mark_says(codec: str) -> None:
    (statement,) = read(row(text="café").decode().encode(codec), FORMS)
    assert statement.lines[0].text == "café"


def test_more_bytes_than_a_statement_has_are_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "MAX_BYTES", 100)
    with pytest.raises(Refused, match="the file is larger than 100 bytes"):
        read(row(), FORMS)


def test_more_lines_than_a_statement_has_are_refused_at_the_first_one_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mapped_csv, "MAX_LINES", 2)
    with pytest.raises(Refused, match="line 4: more than 2 lines"):
        read(row() + 2 * row().partition(b"\n")[2], FORMS)


def test_a_mapping_that_is_asked_for_and_not_known_is_refused() -> None:
    with pytest.raises(Refused, match="there is no mapping 'other'; there are bank-balance, "):
        read(row(), FORMS, mapping="other")
