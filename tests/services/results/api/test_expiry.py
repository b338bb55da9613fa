"""A result expires by the clock, with no event."""

from datetime import UTC, datetime

import httpx
import pytest

from libs.events.models import ExecutionState, StepResultCode
from services.results.api import models
from tests.services.results import factory
from tests.services.results.conftest import Projection

pytestmark = pytest.mark.asyncio

BEGIN = factory.onboarded("e1")
PAST, FUTURE = datetime(2001, 1, 1, tzinfo=UTC), datetime(2999, 1, 1, tzinfo=UTC)


async def test_a_valid_result_is_told_as_expired_from_its_time_on(
    projection: Projection, api: httpx.AsyncClient
) -> None:
    found = [factory.finding("past", expiresAt=PAST), factory.finding("future", expiresAt=FUTURE)]
    await projection.fold([
        BEGIN,
        factory.progressed(BEGIN, 1, accepted=[factory.step("KYC", StepResultCode.MATCH, found)]),
        factory.progressed(BEGIN, 2, state=ExecutionState.SUCCEEDED),
    ])  # fmt: skip

    async def told(query: str) -> dict[str, str]:
        answer = await api.get(f"/v2/individuals/e1/results?{query}")
        return {
            one.processResultId: one.systemStatus
            for one in models.ProcessResults.model_validate(answer.json()).processResults
        }

    assert await told("") == {"past": "EXPIRED", "future": "VALID"}
    assert await told("systemStatuses=EXPIRED") == {"past": "EXPIRED"}
    assert await told("systemStatuses=VALID,STALE") == {"future": "VALID"}
    assert await told("updatedAtBefore=2001-06-01T00:00:00Z") == {"past": "EXPIRED"}
