"""The command that shows how files are read."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from services.prescreening.statements.__main__ import main
from tests.services.prescreening.ledger import as_mt940, year


def test_each_statement_is_told_with_what_is_wrong_in_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = year(1)[0]
    edited = whole._replace(lines=[whole.lines[0]._replace(amount=Decimal("-1.00")), *whole.lines[1:]])
    files = [tmp_path / "good", tmp_path / "edited", tmp_path / "bad"]
    for file, content in zip(files, (as_mt940(whole), as_mt940(edited), b"hello"), strict=True):
        file.write_bytes(content)
    assert main([str(file) for file in files]) == 1
    printed = capsys.readouterr()
    good, wrong = (json.loads(line) for line in printed.out.splitlines())
    assert good == {
        "file": str(files[0]), "form": "MT940", "account": whole.account, "currency": "EUR", "lines": 3,
        "first": "2025-12-01", "last": "2025-12-31", "opening": "3000.00", "closing": "3765.65", "problems": [],
    }  # fmt: skip
    assert [problem["code"] for problem in wrong["problems"]] == ["SUM_DOES_NOT_FIT"]
    assert printed.err.startswith(f"{files[2]}: line 1: the file is in none of the forms known")
