"""The check put together."""

import asyncio
from datetime import timedelta

import pytest

from libs.events.models import CheckRequested, StepResultCode
from libs.streaming.check import CheckFailed
from services.kyc.agent import check, check_with
from services.kyc.asking import Asking
from services.kyc.sample import people
from services.kyc.sources import Answered
from tests.services.kyc.factory import NOW, POLICY, ListedSource, credit, individual, record, request, roll


@pytest.mark.parametrize("expected", [StepResultCode.MATCH, StepResultCode.PARTIAL, StepResultCode.NO_MATCH])
async def test_the_register_answers(expected: StepResultCode) -> None:
    result = await check().answer(request(next(people(expected))), NOW)
    assert result.outcome.result is expected
    assert [version.id for version in result.references] == ["kyc-register", "kyc-rulesets"]


class Silent(ListedSource):
    """A source that never answers."""

    async def lookup(self, request: CheckRequested) -> Answered:
        await asyncio.Event().wait()
        return Answered()


async def test_a_source_that_does_not_answer_in_time_is_down() -> None:
    silent = Silent(credit().about)
    asking = Asking([roll(record(home="12 High Street, Newtown NSW 2042")), silent], patience=timedelta(milliseconds=1))
    with pytest.raises(CheckFailed, match=r"credit \(no answer within 0.001 s\)"):
        await check_with(asking, POLICY, []).answer(request(individual()), NOW)
