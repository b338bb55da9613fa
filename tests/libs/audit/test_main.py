"""The commands: what they take, and how they say that something cannot be done."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from libs.audit.__main__ import arguments, main, period

NOW = datetime(2026, 3, 31, 15, tzinfo=UTC)


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_the_period_is_the_month_up_to_now_unless_it_is_given() -> None:
    assert period(None, None, NOW) == (day("2026-03-01T15:00"), NOW)
    assert period(day("2026-01-01"), None, NOW) == (day("2026-01-01"), NOW)
    assert period(day("2026-01-01"), day("2026-02-01"), NOW) == (day("2026-01-01"), day("2026-02-01"))


def test_a_document_goes_by_its_own_name_or_by_that_given(tmp_path: Path) -> None:
    file = tmp_path / "onboarding.json"
    file.write_text("{}")
    asked = arguments().parse_args(["diff", "--policy", str(file), "--policy", f"aml-only={file}"])
    assert asked.policy == [("onboarding", "{}"), ("aml-only", "{}")]


@pytest.mark.parametrize("given", [["diff", "--since", "yesterday"], ["diff", "--policy", "nowhere.json"], []])
def test_what_is_not_understood_is_refused(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(given)
    assert ended.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_without_a_system_it_is_said_how_to_name_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    # The tests that follow would log to this one's standard error, which is closed by then.
    monkeypatch.setattr("libs.audit.__main__.log_to_stderr", lambda level: None)
    assert main(["replay", "x", "--data", str(tmp_path)]) == 2
    told = capsys.readouterr().err
    assert told == f"no run has used {tmp_path}: use `make run`, or set DATABASE_URL and KAFKA_BOOTSTRAP\n"
