"""Each form of statement as a bank writes it, told by its content and read into the one form."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from services.prescreening.statements.form import Balance, Line, Statement, Sums
from services.prescreening.statements.mapping import mappings
from services.prescreening.statements.reading import read

EXAMPLES = Path(__file__).parent / "examples"
FORMS = mappings()


def example(name: str) -> list[Statement]:
    """The statements of an example, under a name that tells nothing of its form."""
    return read((EXAMPLES / name).read_bytes(), FORMS, file="statement")


def test_camt_of_version_2_has_its_account_its_balances_its_sums_and_its_lines() -> None:
    (statement,) = example("camt053_v02.xml")
    assert statement._replace(lines=()) == Statement(
        form="CAMT.053",
        account="DE89370400440532013000",
        currency="EUR",
        lines=(),
        opening=Balance(date(2024, 12, 31), Decimal("12480.55")),
        closing=Balance(date(2025, 1, 31), Decimal("13920.15")),
        owner="Tischlerei Brandt GmbH",
        number="17",
        first=date(2025, 1, 1),
        last=date(2025, 1, 31),
        sums=Sums(4, Decimal("1439.60"), Decimal("3355.00"), Decimal("1915.40")),
        file="statement",
        place="Stmt[1]",
    )
    assert statement.lines[0] == Line(
        booked=date(2025, 1, 7),
        amount=Decimal("3260.00"),
        valued=date(2025, 1, 7),
        counterparty="Autohaus Lindner KG",
        reference="2025010712345678",
        text="Rechnung 2024-311 Empfangstresen",
        kind="ESCT",
        place=1,
    )
    assert [(line.amount, line.returned) for line in statement.lines[1:]] == [
        (Decimal("-1820.40"), ""),
        (Decimal("-95.00"), ""),
        (Decimal("95.00"), "AM04"),
    ]


def test_camt_of_version_8_leaves_out_what_is_pending_and_reads_names_within_parties() -> None:
    (statement,) = example("camt053_v08.xml")
    assert (statement.opening, statement.owner) == (
        Balance(date(2025, 3, 31), Decimal("-250.00")),
        "Bloemen & Zoon B.V.",
    )
    assert [(line.amount, line.counterparty, line.text, line.kind) for line in statement.lines] == [
        (Decimal("1000.00"), "Hotel De Gouden Leeuw", "Factuur 25-0093", "ESCT"),
        (Decimal("-39.75"), "", "SEPA Incasso KPN", "654"),
    ]


def test_mt940_within_its_envelope_with_structured_details() -> None:
    (statement,) = example("mt940_de.sta")
    assert (statement.account, statement.currency, statement.number, statement.page) == (
        "37040044/0532013000", "EUR", "00003", "001",
    )  # fmt: skip
    assert statement.opening == Balance(date(2025, 1, 31), Decimal("13920.15"))
    assert statement.closing == Balance(date(2025, 2, 28), Decimal("17118.05"))
    assert [(line.amount, line.counterparty, line.text, line.place) for line in statement.lines] == [
        (Decimal("-1200.00"), "Immobilien SauerGbR", "Miete WerkstattFebruar 2025", 6),
        (Decimal("4410.80"), "Gemeinde Seevetal", "Rechnung 2025-004", 9),
        (Decimal("-12.90"), "", "Kontofuehrung 02/2025", 12),
    ]


def test_mt940_of_several_days_with_a_reversal() -> None:
    first, second = example("mt940_nl.sta")
    assert first.account == second.account == "NL52RABO0123456789"
    assert first.closing == second.opening == Balance(date(2025, 3, 31), Decimal("1690.70"))
    assert [line.amount for line in first.lines] == [Decimal("-23.50"), Decimal("150.00")]
    assert [(line.amount, line.returned) for line in second.lines] == [(Decimal("-150.00"), "RETURN")]


def test_ofx_1_in_the_order_of_time_with_its_ledger_balance() -> None:
    (statement,) = example("ofx1.ofx")
    assert (statement.account, statement.currency, statement.opening) == ("000123456789", "USD", None)
    assert statement.closing == Balance(date(2025, 2, 28), Decimal("3381.44"))
    assert (statement.begins, statement.ends) == (date(2025, 2, 1), date(2025, 2, 28))
    assert [(line.booked.day, line.amount, line.counterparty, line.kind) for line in statement.lines] == [
        (3, Decimal("-950.00"), "CHECK 1043", "CHECK"),
        (14, Decimal("2150.00"), "ACME PAYROLL", "DIRECTDEP"),
        (20, Decimal("-64.18"), "AT&T WIRELESS", "POS"),
    ]


def test_ofx_2_of_a_credit_card() -> None:
    (statement,) = example("ofx2.ofx")
    assert (statement.account, statement.currency) == ("4929123456789012", "GBP")
    assert [(line.amount, line.counterparty) for line in statement.lines] == [(Decimal("-18.40"), "Café Müller")]


@pytest.mark.parametrize(
    ("name", "form", "amounts", "balances", "last"),
    [
        (
            *("bank_balance.csv", "bank-balance", ["-84.20", "84.20", "2310.00"]),
            *(("2000.00", "4310.00"), "Harbour Trust, NHS"),
        ),
        ("ing_nl.csv", "ing-nl", ["1250.00", "-45.90"], ("0.00", "1204.10"), "Albert Heijn 1521"),
        ("sparkasse_camt.csv", "sparkasse-camt", ["2431.07", "-1078.50"], None, "Stadtwerke Köln"),
        ("uk_barclays.csv", "uk-barclays", ["1875.33", "-32.50"], None, ""),
        ("revolut.csv", "revolut", ["400.00", "-61.29"], ("0.00", "338.71"), ""),
        ("debit_credit.csv", "debit-credit", ["12400.00", "-1150.25"], ("750.25", "12000.00"), "Bunnings"),
    ],
)  # fmt: skip
def test_a_csv_is_known_by_its_header(
    name: str, form: str, amounts: list[str], balances: tuple[str, str] | None, last: str
) -> None:
    (statement,) = example(name)
    assert statement.form == f"CSV {form}"
    assert [line.amount for line in statement.lines] == [Decimal(amount) for amount in amounts]
    assert statement.lines[-1].counterparty == last
    told = statement.opening and statement.closing and (statement.opening.amount, statement.closing.amount)
    assert told == (balances and (Decimal(balances[0]), Decimal(balances[1])))


def test_a_returned_payment_of_a_csv_is_told_by_its_kind() -> None:
    (statement,) = example("bank_balance.csv")
    assert [line.returned for line in statement.lines] == ["", "RETURN", ""]
