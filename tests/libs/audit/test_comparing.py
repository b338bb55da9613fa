"""What two answers of a check differ in, and what that comes from."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from libs.audit.comparing import difference
from libs.events.models import (
    Finding,
    ProcessResultCode,
    ProviderCall,
    ReferenceVersion,
    StepOutcome,
    StepResult,
    StepResultCode,
)

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def pin(id: str, content: str = "a") -> ReferenceVersion:
    return ReferenceVersion(id=id, version=content, sha256=content * 64)


def answer(
    *pins: ReferenceVersion, result: str = "CLEAR", at: datetime = NOON, id: str = "f1", **more: Any
) -> StepResult:
    finding = Finding(processResultId=id, processClass="AML", objectType="NAME", result=ProcessResultCode.CLEAR)
    call = ProviderCall(name="p", source="s", order=1, result="CLEAR", startedAt=at, endedAt=at)
    return StepResult(
        outcome=StepOutcome(stepName="AML", result=StepResultCode(result), **more),
        findings=[finding],
        providers=[call],
        references=list(pins),
        startedAt=at,
        endedAt=at,
    )


def test_other_times_and_other_ids_make_no_difference() -> None:
    assert difference(answer(pin("list")), answer(pin("list"), at=NOON + timedelta(1), id="f2")) is None


@pytest.mark.parametrize(
    ("id", "cause"),
    [
        ("ofac-sdn", "the list version"),
        ("matcher/aml", "the matcher"),
        ("decision-policy/onboarding", "the rule set"),
        ("kyc-rulesets", "the rule set"),
        ("risk-profile/standard", "the risk profile"),
        ("risk-table/countries", "the risk table"),
        ("individual", "the input"),
        ("evidence", "the recorded answers"),
    ],
)
def test_a_changed_version_is_the_cause(id: str, cause: str) -> None:
    found = difference(answer(pin(id)), answer(pin(id, "b"), result="HIT"))
    assert found is not None
    assert found.cause == cause
    assert found.lines == [f"{id}: a (sha256 aaaaaaaaaaaa) → b (sha256 bbbbbbbbbbbb)", "outcome.result: CLEAR → HIT"]


def test_a_version_that_is_gone_is_told_and_one_that_was_not_pinned_is_not() -> None:
    found = difference(answer(pin("old")), answer(pin("new")))
    assert found is not None
    assert found.lines == ["old: a (sha256 aaaaaaaaaaaa) → none"]
    assert difference(answer(), answer(pin("new"))) is None


def test_without_a_changed_version_it_is_the_code() -> None:
    found = difference(answer(), answer(counts={"totalHits": 1}))
    assert found is not None
    assert found == ("the check's own code", ["outcome.counts.totalHits: none → 1"])
