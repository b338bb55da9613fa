"""The check made again from its own evidence, when no source can be asked any more."""

from typing import Any

import pytest
import yaml

from libs.events.models import CheckRequested, StepResult, StepResultCode
from libs.streaming.check import Check, CheckFailed
from services.kyc.agent import RULESETS, check, check_with
from services.kyc.asking import Asking
from services.kyc.policy import Policy, parse
from services.kyc.sample import people
from services.kyc.sources import Source
from tests.services.kyc import http_server
from tests.services.kyc.factory import HOME, NOW, POLICY, WORDS, credit, individual, record, request, roll
from tests.services.kyc.test_http_source import AGREED, asked

TIMES: Any = {"startedAt": True, "endedAt": True}


def without_times(result: StepResult | None) -> dict[str, Any]:
    assert result
    return result.model_dump(exclude={**TIMES, "providers": {"__all__": TIMES}})


async def again(made: Check, asking: CheckRequested, then: StepResult) -> StepResult:
    assert made.again
    return await made.again(then)(asking, then.startedAt)


def with_sources(*sources: Source, policy: Policy = POLICY) -> Check:
    return check_with(Asking(sources), policy, WORDS, [])


@pytest.mark.parametrize("expected", [StepResultCode.MATCH, StepResultCode.PARTIAL, StepResultCode.NO_MATCH])
async def test_the_register_says_the_same_again(expected: StepResultCode) -> None:
    made, asking = check(), request(next(people(expected)))
    then = await made.answer(asking, NOW)
    assert without_times(await again(made, asking, then)) == without_times(then)


async def test_a_source_over_http_is_not_asked_again() -> None:
    async with asked(http_server.right) as (server, source):
        made, asking = with_sources(source, roll(record(home=HOME))), request(AGREED)
        then = await made.answer(asking, NOW)
        assert then.outcome.result is StepResultCode.MATCH
    async with asked(http_server.nobody, url=server.url) as (_, other):
        made = with_sources(other, roll(record(home=HOME)))
        assert without_times(await again(made, asking, then)) == without_times(then)


async def test_a_source_that_was_down_is_down_again() -> None:
    asking = request(AGREED)
    async with asked(http_server.stalling, timeoutSeconds=0.05) as (_, source):
        made = with_sources(roll(record(home=HOME)), source)
        with pytest.raises(CheckFailed) as first:
            await made.answer(asking, NOW)
        assert first.value.found
        assert [call.result for call in first.value.found.providers] == ["MATCH", "TIMEOUT"]
        with pytest.raises(CheckFailed) as second:
            await again(made, asking, first.value.found)
    assert without_times(second.value.found) == without_times(first.value.found)


async def test_another_rule_set_is_tried_on_what_was_recorded() -> None:
    sources, asking = (roll(record(home=HOME)), credit()), request(individual())
    then = await with_sources(*sources).answer(asking, NOW)
    assert then.outcome.result is StepResultCode.PARTIAL
    changed = parse(yaml.safe_load(RULESETS.read_text()) | {"defaultRuleSet": "1+1"})
    assert (await again(with_sources(*sources, policy=changed), asking, then)).outcome.result is StepResultCode.MATCH


async def test_a_source_that_is_there_no_more_is_said() -> None:
    then = await with_sources(roll(record(home=HOME)), credit()).answer(request(individual()), NOW)
    with pytest.raises(CheckFailed, match="there is no source credit any more"):
        await again(with_sources(roll()), request(individual()), then)
