"""`python -m services.prescreening.stores.loading CUSTOMER LOANS.csv [GROUPS.csv]` makes these the customer's book.

The columns of LOANS.csv: loanId, party, status, currency, outstanding, and those of the others of a loan that are
given; of GROUPS.csv: party, group.
"""

import asyncio
import csv
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import ValidationError

from libs.store.engine import connect
from libs.streaming.settings import Settings
from services.prescreening.judging.money import decimal
from services.prescreening.stores.book import PostgresBook
from services.prescreening.stores.port import Loan

AMOUNTS = ("outstanding", "instalment", "overdue")


def loans(lines: Iterable[str]) -> list[Loan]:
    """The loans of a CSV file; raises ValueError with the line and the column of what is wrong in it."""
    rows = csv.DictReader(lines)
    found: dict[str, Loan] = {}
    for row in rows:
        loan = _loan(rows.line_num, row)
        if loan.loanId in found:
            raise ValueError(f'line {rows.line_num}: loanId: "{loan.loanId}" stands here twice')
        found[loan.loanId] = loan
    return list(found.values())


def groups(lines: Iterable[str]) -> dict[str, str]:
    """The group of each party of a CSV file; raises ValueError with the line."""
    rows = csv.DictReader(lines)
    if rows.fieldnames != ["party", "group"]:
        raise ValueError("line 1: the columns are to be party, group")
    return {row["party"]: row["group"] for row in rows}


def _loan(line: int, row: Mapping[str, str | None]) -> Loan:
    given: dict[str, object] = {name: value for name, value in row.items() if value}
    currency = given.pop("currency", None)
    try:
        for name in AMOUNTS:
            if name in given:
                given[name] = {"amount": f"{decimal(str(given[name])):f}", "currency": currency}
        return Loan.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        raise ValueError(f"line {line}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    except ValueError as error:
        raise ValueError(f"line {line}: {error}") from None


async def load(database_url: str, customer: str, known: list[Loan], parties: Mapping[str, str]) -> None:
    """Make these the customer's book."""
    engine = connect(database_url)
    try:
        await PostgresBook(engine).load(customer, known, parties)
    finally:
        await engine.dispose()


def main(arguments: list[str]) -> int:
    """Exit status: 0 it is loaded, 1 a file is refused, 2 not understood."""
    if len(arguments) not in (2, 3):
        print(__doc__, file=sys.stderr)
        return 2
    customer, *names = arguments
    try:
        known = loans(Path(names[0]).read_text(encoding="utf-8").splitlines())
        parties = groups(Path(names[1]).read_text(encoding="utf-8").splitlines()) if names[1:] else {}
    except (OSError, ValueError) as refused:
        print(refused, file=sys.stderr)
        return 1
    asyncio.run(load(Settings().database_url, customer, known, parties))
    print(f"{len(known)} loans, {len(set(parties.values()))} groups")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
