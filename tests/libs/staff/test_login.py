"""Logging in and out, as a browser does it."""

import asyncio

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from libs.staff import users
from libs.staff.login import inside
from tests.libs.staff.conftest import Face
from tests.libs.web.test_app import token_of


async def test_who_logs_in_is_known_until_they_log_out(face: Face) -> None:
    browser = face.browser()
    assert "nobody" in (await browser.get("/")).text
    answer = await face.log_in(browser, "Ana ", next="/?x=1")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/?x=1")
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    page = (await browser.get("/")).text
    assert "ana" in page
    out = await browser.post("/logout", data={"csrf": token_of(page)})
    assert out.headers["Location"] == "/login"
    assert "You are logged out." in (await browser.get("/login")).text
    assert "nobody" in (await browser.get("/")).text
    assert await face.trail() == [("ana", "LOGGED_IN"), ("ana", "LOGGED_OUT")]


async def test_a_wrong_name_and_a_wrong_password_cannot_be_told_apart(face: Face) -> None:
    wrong, unknown = [await face.log_in(face.browser(), name, "not the password") for name in ("ana", "nobody-here")]
    assert (wrong.status_code, unknown.status_code) == (401, 401)
    assert _without_secrets(wrong) == _without_secrets(unknown)
    assert await face.trail() == [("ana", "LOG_IN_FAILED"), (None, "LOG_IN_FAILED")]


@pytest.mark.parametrize("name", ["ana", "nobody-here"])
async def test_a_name_is_locked_after_five_failures_whether_anybody_has_it(face: Face, name: str) -> None:
    for _ in range(5):
        assert (await face.log_in(face.browser(), name, "not the password")).status_code == 401
    locked = await face.log_in(face.browser(), name)
    assert locked.status_code == 429
    assert "can be tried again in 31 s" in locked.text
    assert [action for _, action in await face.trail()] == ["LOG_IN_FAILED"] * 5 + ["LOCKED_OUT"]
    face.later(seconds=31)
    assert (await face.log_in(face.browser(), name, "again wrong")).status_code == 401
    face.later(seconds=31)
    assert (await face.log_in(face.browser(), name)).status_code == 429
    face.later(seconds=30)
    assert (await face.log_in(face.browser(), name)).status_code == (303 if name == "ana" else 401)


async def test_tries_at_once_are_counted_too(face: Face) -> None:
    browsers = [face.browser() for _ in range(12)]
    answers = await asyncio.gather(*(face.log_in(one, password="not the password") for one in browsers))
    assert sorted(answer.status_code for answer in answers) == [401] * 5 + [429] * 7


async def test_a_log_in_makes_the_failures_before_it_forgotten(face: Face) -> None:
    for _ in range(2):
        for _ in range(4):
            await face.log_in(face.browser(), password="not the password")
        assert (await face.log_in(face.browser())).status_code == 303


async def test_a_log_in_begins_another_session_and_ends_the_one_before(face: Face) -> None:
    browser = face.browser()
    await face.log_in(browser)
    first = browser.cookies["session"]
    token = token_of((await browser.get("/")).text)
    sent = {"username": "ana", "password": "correct horse battery", "csrf": token}
    assert (await browser.post("/login", data=sent)).status_code == 303
    assert browser.cookies["session"] != first
    old = face.browser()
    old.cookies["session"] = first
    assert "nobody" in (await old.get("/")).text
    async with face.engine.connect() as connection:
        kept = (await connection.execute(text("SELECT token_hash FROM staff_sessions"))).scalars().all()
    assert len(kept) == 1
    assert browser.cookies["session"] not in kept


async def test_a_session_ends_when_it_is_not_used_and_after_twelve_hours_however_used(face: Face) -> None:
    idle, used = face.browser(), face.browser()
    await face.log_in(idle)
    await face.log_in(used)
    for _ in range(25):
        face.later(minutes=28)
        assert "ana" in (await used.get("/")).text
    assert "nobody" in (await idle.get("/")).text
    face.later(minutes=21)
    assert "nobody" in (await used.get("/")).text


async def test_who_is_disabled_is_out_at_once_and_in_no_more(face: Face) -> None:
    browser = face.browser()
    await face.log_in(browser)
    async with face.engine.begin() as connection:
        await users.change(connection, "ana", disabled_at=face.now)
    assert "nobody" in (await browser.get("/")).text
    assert (await face.log_in(browser)).status_code == 401


async def test_a_page_for_others_sends_to_log_in_and_then_refuses_and_notes_it(face: Face) -> None:
    browser = face.browser()
    away = await browser.get("/machines?x=1")
    assert (away.status_code, away.headers["Location"]) == (303, "/login?next=%2Fmachines%3Fx%3D1")
    part = await browser.get("/machines", headers={"HX-Request": "true"})
    assert (part.status_code, part.headers["HX-Redirect"]) == (204, "/login")
    await face.log_in(browser)
    assert (await browser.get("/machines")).status_code == 403
    assert (await face.trail())[-1] == ("ana", "DENIED")


async def test_a_form_counts_only_in_the_session_that_it_was_made_in(face: Face) -> None:
    browser = face.browser()
    before = token_of((await browser.get("/")).text)
    await face.log_in(browser)
    assert (await browser.post("/changed", data={"csrf": before})).status_code == 403
    now = token_of((await browser.get("/")).text)
    assert (await browser.post("/changed", data={"csrf": now})).text == "changed by ana"


async def test_what_was_noted_can_neither_be_changed_nor_deleted(face: Face) -> None:
    await face.log_in(face.browser())
    for change in ("UPDATE staff_audit SET action = 'x'", "DELETE FROM staff_audit", "TRUNCATE staff_audit"):
        with pytest.raises(DBAPIError, match="append-only"):
            async with face.engine.begin() as connection:
                await connection.execute(text(change))


@pytest.mark.parametrize("path", ["https://evil.test", "//evil.test", "/\\evil.test", "javascript:x", "/a\r\nb", ""])
def test_one_is_sent_nowhere_else_after_logging_in(path: str) -> None:
    assert inside(path) == "/"


def _without_secrets(answer: httpx.Response) -> str:
    return answer.text.replace(token_of(answer.text), "").replace(answer.headers["X-Request-Id"], "")
