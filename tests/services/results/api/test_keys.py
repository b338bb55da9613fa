"""Keys: shown once, kept as a hash, listed, expired, revoked within seconds; by command."""

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import event, text

from libs.store.engine import connect
from services.results.api import keys_command
from services.results.api.__main__ import arguments
from services.results.api.issuing import Refused
from services.results.api.keys import Keys, key_hash
from services.results.api.parts import now
from tests.services.results.conftest import HEADERS, Projection


async def command(url: str, *told: str) -> list[Any]:
    said: list[str] = []
    await keys_command.run(arguments().parse_args(["keys", *told]), url, said.append)
    return [json.loads(line) for line in said]


async def made(url: str, *told: str) -> dict[str, Any]:
    (key,) = await command(url, "create", "--customer", "c1", *told)
    assert isinstance(key, dict)
    return key


async def test_a_key_is_shown_once_and_kept_as_its_hash(results_database: str, projection: Projection) -> None:
    key = await made(results_database, "--role", "analyst", "--user", "ana", "--note", "her laptop")

    assert len(key["apiKey"]) == len("vsk_") + 43, "256 bits"
    async with projection.engine.connect() as connection:
        rows = (await connection.execute(text("SELECT CAST(k AS text) FROM api_keys AS k"))).scalars().all()
        audited = (
            await connection.execute(text("SELECT CAST(a AS text) FROM audit_events AS a WHERE key_id = :id"),
            {"id": key["keyId"]},)
        ).scalars().all()  # fmt: skip
    assert not [row for row in [*rows, *audited] if key["apiKey"] in row]
    assert [row for row in rows if key_hash(key["apiKey"]) in row and "ana" in row]
    assert len(audited) == 1
    listed = await command(results_database, "list", "--customer", "c1")
    assert [one["roles"] for one in listed if one["key_id"] == key["keyId"]] == [["analyst"]]
    assert not [one for one in listed if "key_hash" in one]


async def test_a_revoked_key_is_refused_once_it_is_looked_up_again(results_database: str) -> None:
    time, engine = 0.0, connect(results_database)
    keys = Keys(engine, lambda: time)
    key = await made(results_database, "--role", "all")
    found = await keys.find(key["apiKey"])
    assert found is not None
    assert found.why_not(now()) is None
    await command(results_database, "revoke", key["keyId"])
    time += 3.0
    found = await keys.find(key["apiKey"])
    assert found is not None
    assert found.why_not(now()) == "the key was revoked"
    await engine.dispose()


async def test_a_revoked_key_and_an_expired_one_are_answered_401(results_database: str, api: httpx.AsyncClient) -> None:
    revoked, expired = [await made(results_database, "--role", "all") for _ in range(2)]
    await command(results_database, "revoke", revoked["keyId"])
    await command(results_database, "expire", expired["keyId"], "--days", "0")
    for key, why in ((revoked, "revoked"), (expired, "expired")):
        response = await api.get("/v2/workflows", headers={"api_key": key["apiKey"]})
        assert (response.status_code, response.json()["errorCode"]) == (401, "UNAUTHORIZED")
        assert why in response.json()["errorMsg"]


async def test_a_key_ends_in_its_time_though_it_is_remembered(results_database: str) -> None:
    engine = connect(results_database)
    key = await made(results_database, "--role", "all", "--days", "1")
    found = await Keys(engine, lambda: 0.0).find(key["apiKey"])
    assert found is not None
    assert [found.why_not(now() + timedelta(hours=hours)) for hours in (23, 25)] == [None, "the key has expired"]
    await engine.dispose()


async def test_many_reads_look_their_key_up_once(results_database: str) -> None:
    engine, asked = connect(results_database), []
    event.listen(engine.sync_engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    keys = Keys(engine, lambda: 0.0)
    for _ in range(50):
        assert await keys.find(HEADERS["api_key"]) is not None
        assert await keys.find("nobody's") is None
    assert len([statement for statement in asked if "api_keys" in statement]) == 2
    await engine.dispose()


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (["create", "--customer", "a/b", "--role", "all"], "no id of a customer"),
        (["create", "--customer", "c1", "--child", "x y", "--role", "all"], "no id of a child"),
        (["create", "--customer", "c1", "--role", "all", "--days", "-1"], "is past"),
        (["create", "--customer", "c1", "--role", "all", "--per-minute", "0"], "are none"),
        (["revoke", "nothing"], "there is no key nothing"),
    ],
)
async def test_what_makes_no_sense_is_refused(results_database: str, told: list[str], why: str) -> None:
    with pytest.raises(Refused, match=why):
        await command(results_database, *told)


async def test_a_key_is_revoked_once(results_database: str) -> None:
    key = await made(results_database, "--role", "all")
    await command(results_database, "revoke", key["keyId"])
    with pytest.raises(Refused, match="is revoked"):
        await command(results_database, "revoke", key["keyId"])
