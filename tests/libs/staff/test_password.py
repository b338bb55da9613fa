"""Changing one's own password."""

import httpx

from tests.libs.staff.conftest import PASSWORD, Face
from tests.libs.web.test_app import token_of

NEW = "another horse, another battery"


async def changed(browser: httpx.AsyncClient, current: str, new: str, again: str) -> httpx.Response:
    """Fill in the form and send it."""
    token = token_of((await browser.get("/password")).text)
    return await browser.post("/password", data={"csrf": token, "current": current, "new": new, "again": again})


async def test_who_knows_their_password_changes_it_and_all_their_sessions_end(face: Face) -> None:
    browser, elsewhere = face.browser(), face.browser()
    await face.log_in(browser)
    await face.log_in(elsewhere)
    done = await changed(browser, PASSWORD, NEW, NEW)
    assert (done.status_code, done.headers["Location"]) == (303, "/login")
    assert "Your password was changed." in (await browser.get("/login")).text
    assert "nobody" in (await elsewhere.get("/")).text
    assert (await face.log_in(browser)).status_code == 401
    assert (await face.log_in(browser, password=NEW)).status_code == 303
    assert ("ana", "PASSWORD_CHANGED") in await face.trail()


async def test_what_does_not_fit_is_said_at_its_field_and_changes_nothing(face: Face) -> None:
    browser = face.browser()
    await face.log_in(browser)
    for current, new, again, text in (
        (PASSWORD, "short", "short", "A password has 12 to 256 characters."),
        (PASSWORD, NEW, NEW + "x", "This is not the same as the new password."),
        ("not the password", NEW, NEW, "This is not your password."),
    ):
        answer = await changed(browser, current, new, again)
        assert (answer.status_code, text in answer.text) == (422, True)
    for _ in range(4):
        await changed(browser, "not the password", NEW, NEW)
    assert (await changed(browser, PASSWORD, NEW, NEW)).status_code == 429
    assert ("ana", "LOCKED_OUT") in await face.trail()
    face.later(seconds=31)
    assert (await face.log_in(face.browser())).status_code == 303


async def test_only_who_is_logged_in_sees_the_page(face: Face) -> None:
    assert (await face.browser().get("/password")).headers["Location"] == "/login?next=%2Fpassword"
