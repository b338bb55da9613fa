"""A workflow has an outside service told, through all services: once in effect, whatever comes again."""

from collections.abc import AsyncIterator
from datetime import timedelta

import orjson
import pytest

from libs.embedded.database import RunningDatabase
from services.notifications.endpoints import Endpoint
from tests.factory import requested
from tests.flows.system import System, Unruly, execution_of
from tests.flows.test_children import define
from tests.flows.test_onboarding import STRANGER
from tests.libs.delivery.receiver import Receiver, status

STATES = {
    "Kyc": {"Type": "Task", "Resource": "vetstream:check:kyc", "ResultPath": "$.kyc", "Next": "Reject"},
    "Reject": {
        "Type": "Task",
        "Resource": "vetstream:check:notification",
        "Parameters": {"settings": {"wait": "delivered"}, "evidence.$": "States.Array($.kyc)"},
        "TimeoutSeconds": 3,
        "Retry": [{"ErrorEquals": ["States.Timeout"], "IntervalSeconds": 1, "MaxAttempts": 5}],
        "End": True,
    },
}


@pytest.fixture
async def outside() -> AsyncIterator[Receiver]:
    receiver = Receiver(behaviours=[status(500), status(202)])
    server = await receiver.serve()
    yield receiver
    server.close()


async def test_each_rejection_is_heard_of_once_in_effect(embedded_database: RunningDatabase, outside: Receiver) -> None:
    endpoints = [Endpoint(name="rejections", url=outside.url, purpose="rejection")]
    starts = [requested("Told", f"p{number}", individual=STRANGER) for number in range(4)]
    async with System(embedded_database, Unruly(seed=1, times=2), instances=2, endpoints=endpoints) as system:
        await define(system, "Told", STATES)
        await system.publish(*starts)
        await system.settle()
        # Nothing is delivered while the tasks time out and are tried again.
        await system.pass_time(timedelta(seconds=10))
        await system.deliver()
        await system.pass_time(timedelta(seconds=12))
        await system.deliver()
        await system.pass_time(timedelta(seconds=10))
        for start in starts:
            *_, last = system.story(execution_of(start))
            assert last.state == "SUCCEEDED"
            assert orjson.loads(last.output or "")["reasons"][0]["code"] == "NOTIFICATION_DELIVERED"
    assert len(outside.received) == len(starts) + 1
    heard = {one.headers["idempotency-key"]: one.json for one in outside.received}
    assert {one["workflowExecutionId"] for one in heard.values()} == {execution_of(start) for start in starts}
    assert {reason["step"] for one in heard.values() for reason in one["reasons"]} == {"KYC"}
