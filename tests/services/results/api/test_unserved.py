"""What the contract has and nothing here serves."""

import re

import httpx
import pytest

from services.results.api.contract import Operation, operations
from services.results.api.coverage import MISSING, UNSERVED, coverage
from services.results.api.openapi import described


def answers() -> dict[str, str]:
    """What answers each operation, by its name."""
    return {told.rsplit(" ", 1)[-1]: answer for answer, told in coverage(described())}


async def test_each_operation_is_served_or_answers_501(api: httpx.AsyncClient) -> None:
    found = answers()
    for one in operations():
        response = await api.request(one.method, re.sub("{[^}]*}", "nothing", one.path), json={})
        is_unserved = (response.status_code, response.json().get("errorCode")) == (501, "NOT_IMPLEMENTED")
        assert is_unserved == (found[one.id] == UNSERVED), one


async def test_who_may_not_ask_is_not_told(api: httpx.AsyncClient) -> None:
    response = await api.post("/v2/individuals/hostedurl", headers={"api_key": ""})

    assert response.status_code == 401


def test_every_operation_of_ours_is_listed() -> None:
    assert [told for answer, told in coverage(described()) if answer == MISSING] == []


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_one_that_is_listed_nowhere_is_found(method: str) -> None:
    app = described()
    app.add_api_route("/v2/elsewhere", lambda: None, methods=[method])

    (missing,) = [told for answer, told in coverage(app) if answer == MISSING]

    assert missing.startswith(f"{method} /v2/elsewhere: listed neither")


def test_one_that_the_router_lacks_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    app = described()
    new = Operation("new", "GET", "/v2/new")
    monkeypatch.setattr("services.results.api.coverage.operations", lambda: (*operations(), new))

    assert (MISSING, "GET /v2/new new") in [*coverage(app)]
