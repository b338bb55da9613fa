from pathlib import Path

import pytest

from services.prescreening.__main__ import main
from services.prescreening.agent import POLICIES


def test_policies_are_checked_by_their_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", *(str(path) for path in POLICIES.glob("*.yaml"))]) == 0
    (tmp_path / "fraud.yaml").write_text((POLICIES / "fraud.yaml").read_text().replace("atMost: 0}", "atMost: none}"))
    (tmp_path / "other.yaml").write_text("version: 1\n")
    assert main(["check", str(tmp_path / "fraud.yaml"), str(tmp_path / "other.yaml"), str(tmp_path / "none.yaml")]) == 1
    told = capsys.readouterr().out
    assert "rows.3.pass.atMost" in told
    assert "other.yaml: no step has a policy of this name; there are customer_information, bank_statements" in told


@pytest.mark.parametrize(
    ("text", "problem"),
    [("[", "while parsing"), ("- 1", "version: there is none"), ("rows: []", "version: there is none")],
)
def test_what_is_no_policy_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, problem: str) -> None:
    (tmp_path / "fraud.yaml").write_text(text)
    assert main(["check", str(tmp_path / "fraud.yaml")]) == 1
    assert f"fraud.yaml: {problem}" in capsys.readouterr().out


def test_what_is_not_understood_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["chek"]) == 2
    assert "[check FILE…]" in capsys.readouterr().err
