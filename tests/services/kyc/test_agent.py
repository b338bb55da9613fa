"""The check put together."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from libs.events.models import CheckRequested, StepResultCode
from libs.streaming.check import CheckFailed
from services.kyc.agent import RULESETS, check, check_with
from services.kyc.asking import Asking
from services.kyc.sample import people
from services.kyc.sources import Answered
from tests.services.kyc.factory import NOW, POLICY, WORDS, ListedSource, credit, individual, record, request, roll
from tests.services.kyc.test_http_source import SECRETS, document


@pytest.mark.parametrize("expected", [StepResultCode.MATCH, StepResultCode.PARTIAL, StepResultCode.NO_MATCH])
async def test_the_register_answers(expected: StepResultCode) -> None:
    result = await check().answer(request(next(people(expected))), NOW)
    assert result.outcome.result is expected
    assert [version.id for version in result.references] == ["kyc-register", "kyc-rulesets", "kyc-words"]


async def test_sources_and_rules_of_ones_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "sources.yaml").write_text(yaml.safe_dump(document(url="http://127.0.0.1:1")))
    monkeypatch.setenv("KYC_SOURCES", str(tmp_path / "sources.yaml"))
    own = yaml.safe_load(RULESETS.read_text()) | {"version": "own", "defaultRuleSet": "1+1"}
    (tmp_path / "rules.yaml").write_text(yaml.safe_dump(own))
    monkeypatch.setenv("KYC_RULESETS", str(tmp_path / "rules.yaml"))
    result = await check(SECRETS).answer(request(individual()), NOW)
    assert [(one.id, one.version) for one in result.references] == [
        ("kyc-rulesets", "own"),
        ("kyc-words", "1"),
        ("kyc-sources", "1"),
    ]
    assert [(call.source, call.result) for call in result.providers] == [("au-credit-header", "MISSING_DATA")]
    assert result.settings["ruleSet"] == "1+1"


async def test_a_source_of_the_same_id_as_one_of_the_registers_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "sources.yaml").write_text(yaml.safe_dump({**document(), "register": True}))
    monkeypatch.setenv("KYC_SOURCES", str(tmp_path / "sources.yaml"))
    with pytest.raises(ValueError, match="there are two sources au-credit-header"):
        check(SECRETS)


class Silent(ListedSource):
    """A source that never answers."""

    async def lookup(self, request: CheckRequested, recorded: str | None = None) -> Answered:
        await asyncio.Event().wait()
        return Answered()


async def test_a_source_that_does_not_answer_in_time_is_down() -> None:
    silent = Silent(credit().about)
    asking = Asking([roll(record(home="12 High Street, Newtown NSW 2042")), silent], patience=timedelta(milliseconds=1))
    with pytest.raises(CheckFailed, match=r"credit \(no answer within 0.001 s\)"):
        await check_with(asking, POLICY, WORDS, []).answer(request(individual()), NOW)
