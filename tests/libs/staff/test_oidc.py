"""Logging in with an OpenID provider: a real one, on a socket, in a process of its own."""

import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import pytest_asyncio
from pydantic import ValidationError

from libs.embedded.http import answers_200
from libs.embedded.resources import free_port
from libs.staff import users
from libs.staff.oidc import identity
from libs.staff.settings import StaffSettings
from tests.libs.staff.conftest import Face, face_of

STAFF = [
    {"sub": "1", "preferred_username": "Cleo", "name": "Cleo Obi", "roles": ["kyc-ops", "lunch"]},
    {"sub": "2", "preferred_username": "Dan", "name": "Dan Roe", "roles": ["lunch"]},
]
ROLES = {"kyc-ops": "operator", "kyc-review": "reviewer"}


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The address of a provider that knows two."""
    port = free_port()
    known = [word for one in STAFF for word in ("--user-claims", json.dumps(one))]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce", "true", *known]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, env={**os.environ, "PYTHONWARNINGS": "ignore"}, **quiet)  # type: ignore[call-overload]
    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 60
    while not answers_200(f"{address}/.well-known/openid-configuration"):
        assert process.poll() is None, "the provider has ended"
        assert time.monotonic() < deadline, "the provider does not answer"
        time.sleep(0.1)
    yield address
    process.terminate()
    process.wait()


def configured(issuer: str) -> StaffSettings:
    return StaffSettings(
        staff_oidc_issuer=issuer,
        staff_oidc_client_id="vetstream",
        staff_oidc_client_secret="secret",
        staff_oidc_roles=ROLES,
        staff_oidc_label="Example",
    )


@pytest_asyncio.fixture
async def face(staff_database: str, tmp_path: Path, issuer: str) -> AsyncIterator[Face]:
    async for one in face_of(staff_database, tmp_path, configured(issuer)):
        yield one


async def begun(browser: httpx.AsyncClient, next: str = "/machines") -> str:
    """Where the browser is sent."""
    answer = await browser.get("/login/oidc", params={"next": next})
    assert answer.status_code == 302
    return answer.headers["Location"]


async def agreed(there: str, sub: str) -> str:
    """The provider's answer to somebody who says yes: where the browser is sent back to."""
    async with httpx.AsyncClient() as client:
        return (await client.post(there, data={"sub": sub})).headers["Location"]


async def test_whom_the_provider_knows_is_let_in_with_the_roles_of_their_groups(face: Face, issuer: str) -> None:
    browser = face.browser()
    assert "Log in with Example" in (await browser.get("/login")).text
    there = await begun(browser)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(there).query).items()}
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert {"code_challenge", "nonce", "state"} <= asked.keys()
    assert asked["redirect_uri"] == "http://127.0.0.1:8082/login/oidc/callback"
    back = await browser.get(await agreed(there, "1"))
    assert (back.status_code, back.headers["Location"]) == (303, "/machines")
    assert (await browser.get("/machines")).json() == {"who": "cleo"}
    async with face.engine.connect() as connection:
        row = await users.find(connection, "cleo")
    assert row is not None
    assert (row["subject"], row["name"], row["roles"], row["password_hash"]) == (
        *(f"{issuer} 1", "Cleo Obi", ["operator"], None),
    )
    assert await face.trail() == [("cleo", "LOGGED_IN")]


async def test_who_has_no_group_of_ours_or_was_disabled_or_says_no_is_refused(face: Face) -> None:
    browser = face.browser()
    assert (await browser.get(await agreed(await begun(browser), "2"))).status_code == 403
    await browser.get(await agreed(await begun(browser), "1"))
    async with face.engine.begin() as connection:
        await users.change(connection, "cleo", disabled_at=face.now)
    refused = await browser.get(await agreed(await begun(browser), "1"))
    assert (refused.status_code, "nobody has given you a part" in refused.text) == (403, True)
    async with httpx.AsyncClient() as client:
        denied = (await client.post(await begun(browser), data={"action": "deny"})).headers["Location"]
    assert (await browser.get(denied)).status_code == 403
    assert [action for _, action in await face.trail()] == ["LOG_IN_FAILED", "LOGGED_IN", *["LOG_IN_FAILED"] * 2]


async def test_an_answer_counts_once_and_only_in_the_browser_that_asked(face: Face) -> None:
    browser, other = face.browser(), face.browser()
    back = await agreed(await begun(browser), "1")
    assert (await other.get(back)).status_code == 403
    kept = dict(browser.cookies)
    assert (await browser.get(back)).status_code == 303
    again = face.browser()
    again.cookies.update(kept)
    assert (await again.get(back)).status_code == 403


async def test_a_code_of_another_log_in_is_refused(face: Face) -> None:
    victim, attacker = face.browser(), face.browser()
    stolen = parse_qs(urlsplit(await agreed(await begun(attacker), "1")).query)["code"][0]
    state = parse_qs(urlsplit(await begun(victim)).query)["state"][0]
    answer = await victim.get("/login/oidc/callback", params={"code": stolen, "state": state})
    assert answer.status_code == 403
    assert "session" not in victim.cookies


async def test_a_name_that_a_user_with_a_password_has_is_not_taken_over(face: Face) -> None:
    await face.add("cleo", ["admin"])
    browser = face.browser()
    refused = await browser.get(await agreed(await begun(browser), "1"))
    assert (refused.status_code, "Another user has this name" in refused.text) == (403, True)


async def test_tokens_of_another_issuer_and_a_provider_that_is_away_are_refused(
    staff_database: str, tmp_path: Path, issuer: str
) -> None:
    async for face in face_of(staff_database, tmp_path, configured(f"{issuer}/")):
        browser = face.browser()
        assert (await browser.get(await agreed(await begun(browser), "1"))).status_code == 403
    async for face in face_of(staff_database, tmp_path, configured(f"http://127.0.0.1:{free_port()}")):
        away = await face.browser().get("/login/oidc")
        assert (away.status_code, "did not come to an end" in away.text) == (403, True)


def test_a_group_may_be_one_text_and_names_fall_back_on_what_there_is() -> None:
    settings = configured("https://id.example.com")
    one = identity({"sub": "7", "email": "Eve@example.com", "roles": "kyc-review"}, settings)
    assert (one.subject, one.username, one.roles) == ("https://id.example.com 7", "eve@example.com", ("reviewer",))


def test_a_configuration_that_cannot_be_safe_or_meant_is_refused() -> None:
    with pytest.raises(ValidationError, match="begins with https"):
        configured("http://id.example.com")
    with pytest.raises(ValidationError, match="no role king"):
        StaffSettings(staff_oidc_roles={"a": "king"})
