"""`python -m services.prescreening.statements FILE…` prints a line of JSON a bank statement, with what is wrong in it.

Exit status 1, and a line on standard error, for each file that is refused.
"""

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from services.prescreening.bank.adding_up import of_one
from services.prescreening.bank_statements import forms, units
from services.prescreening.statements.decoding import MAX_BYTES
from services.prescreening.statements.form import Balance, Refused, Statement
from services.prescreening.statements.reading import read


def main(arguments: list[str]) -> int:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m services.prescreening.statements", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--mapping", help="of a CSV, where its header does not tell")
    asked = parser.parse_args(arguments)
    return max([_told(file, asked.mapping) for file in asked.files])


def _told(file: Path, mapping: str | None) -> int:
    try:
        with file.open("rb") as content:
            statements = read(content.read(MAX_BYTES + 1), forms(), mapping, str(file))
    except (OSError, Refused) as problem:
        print(problem, file=sys.stderr)
        return 1
    for statement in statements:
        print(json.dumps(_summary(statement)), flush=True)
    return 0


def _summary(statement: Statement) -> dict[str, Any]:
    """No line, no name: what shows that a file is read as it should be."""
    return {
        "file": statement.file,
        "form": statement.form,
        "account": statement.account,
        "currency": statement.currency,
        "lines": len(statement.lines),
        "first": statement.begins and statement.begins.isoformat(),
        "last": statement.ends and statement.ends.isoformat(),
        "opening": _amount(statement.opening),
        "closing": _amount(statement.closing),
        "problems": [
            {"code": problem.code, "told": problem.told}
            for problem in of_one(statement, units(), datetime.now(UTC).date())
        ],
    }


def _amount(balance: Balance | None) -> str | None:
    return None if balance is None else f"{balance.amount:f}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
