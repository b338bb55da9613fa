"""Rate limits: counted by key, told by the standard headers, refused in the contract's form."""

import httpx
from fastapi import FastAPI

from services.results.api import models
from services.results.api.issuing import NewKey
from services.results.api.limits import Limits
from tests.services.results.api.test_access import keyed
from tests.services.results.conftest import Projection


def test_a_minutes_requests_may_come_at_once_and_come_back_one_by_one() -> None:
    now = 100.0
    limits = Limits(lambda: now)
    taken = [limits.take("k", 60) for _ in range(61)]
    assert [one.remaining for one in taken[:60]] == list(range(59, -1, -1))
    assert (taken[59].retry_after, taken[60].retry_after, taken[60].reset) == (None, 1, 1)
    assert limits.take("other", 60).remaining == 59
    now += 1.0
    assert limits.take("k", 60).retry_after is None
    assert limits.take("k", 60).retry_after == 1
    now += 60.0
    assert limits.take("k", 60).remaining == 59


async def test_the_headers_and_the_refusal(api: httpx.AsyncClient, app: FastAPI, projection: Projection) -> None:
    slow = await keyed(projection.engine, NewKey("c1", ["auditor"], per_minute=2))
    first, second, third = [await api.get("/v2/workflows", headers=slow) for _ in range(3)]

    assert [one.status_code for one in (first, second, third)] == [200, 200, 429]
    assert [one.headers["RateLimit-Remaining"] for one in (first, second, third)] == ["1", "0", "0"]
    assert {one.headers["RateLimit-Policy"] for one in (first, second, third)} == {"2;w=60"}
    assert 1 <= int(third.headers["Retry-After"]) <= 30
    assert models.Error.model_validate(third.json()).errorCode == "TOO_MANY_REQUESTS"
    assert (await api.get("/v2/workflows")).status_code == 200
