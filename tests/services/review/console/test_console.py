"""The operators' console as an operator uses it, in Chromium, and whom it lets in."""

import os
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from services.review.console.parts import Console
from services.review.console.results_api import ResultsApi
from services.review.console.settings import ConsoleSettings
from services.review.web.app import backoffice
from services.review.web.settings import BackofficeSettings
from tests import browser
from tests.flows.test_review import desk as review_desk
from tests.libs.web.test_app import token_of
from tests.services.review.console.conftest import OPERATOR, PASSWORD, QUARANTINED, REVIEWER, Desk

SERIOUS = ("serious", "critical")


@pytest_asyncio.fixture(scope="module")
async def chromium() -> AsyncIterator[Browser]:
    async with browser.chromium() as opened:
        yield opened


async def logged_in(chromium: Browser, desk: Desk, width: int = 1280, height: int = 900) -> Page:
    context = await chromium.new_context(viewport={"width": width, "height": height}, base_url=desk.address)
    page = await context.new_page()
    page.set_default_timeout(15_000)
    await page.goto("/")
    await page.get_by_label("User").fill(OPERATOR)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Log in").click()
    await expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    return page


async def looked_at(page: Page, name: str, folder: Path) -> None:
    """Nothing serious for who uses it otherwise, nothing wider than the page, and a picture of it."""
    found = await Axe().run(page)
    bad = [one for one in found.response["violations"] if one["impact"] in SERIOUS]
    assert [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in bad] == [], name
    wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide == 0, f"{name} is {wide} px too wide"
    kept = Path(os.environ.get("SCREENSHOTS", folder)) / f"console-{name}.png"
    await page.screenshot(path=kept, full_page=name.endswith("-360"))


async def test_an_operator_finds_what_runs_what_was_refused_and_what_is_held(
    chromium: Browser, desk: Desk, tmp_path: Path
) -> None:
    page = await logged_in(chromium, desk)
    assert await page.locator(".tile", has_text="dead letters").inner_text() == "2\ndead letters"
    await looked_at(page, "overview", tmp_path)

    await page.get_by_role("link", name="Executions", exact=True).click()
    await page.get_by_role("link", name="in progress").click()
    await expect(page.locator("tbody tr")).to_have_count(1)
    await page.get_by_role("link", name=re.compile("^after ")).click()
    await expect(page.locator("tbody tr")).to_contain_text(desk.running)
    await looked_at(page, "executions", tmp_path)

    await page.get_by_role("link", name="all").first.click()
    await page.get_by_role("link", name=desk.ended).click()
    await expect(page.get_by_role("heading", name=desk.ended)).to_be_visible()
    drawn = page.get_by_role("img", name="The states of the workflow")
    assert await drawn.evaluate("image => image.decode().then(() => image.naturalWidth)") > 300
    await expect(page.get_by_role("row", name="ExecutionStarted")).to_be_visible()
    await looked_at(page, "execution", tmp_path)
    await page.get_by_role("link", name="Events on Kafka").click()
    await expect(page.get_by_role("row", name="entity.onboarded")).to_have_count(1)
    await expect(page.get_by_role("row", name="kyc.requested")).to_have_count(1)
    await looked_at(page, "events", tmp_path)

    await page.get_by_role("link", name="Consumers").click()
    await expect(page.get_by_role("row", name="kyc kyc.requested")).to_be_visible()
    await looked_at(page, "consumers", tmp_path)
    await page.get_by_role("link", name="Watchlists").click()
    await expect(page.get_by_role("table", name="Versions in force")).to_contain_text("ofac-sdn")
    await expect(page.get_by_role("table", name="Receipts of monitoring")).to_contain_text("done")
    await looked_at(page, "watchlists", tmp_path)
    await page.context.close()


async def test_what_was_refused_or_held_is_given_back_after_a_question_and_put_on_record(
    chromium: Browser, desk: Desk, tmp_path: Path
) -> None:
    page = await logged_in(chromium, desk, 360, 740)
    await looked_at(page, "overview-360", tmp_path)
    await page.goto("/console/executions")
    await looked_at(page, "executions-360", tmp_path)

    await page.goto("/console/letters/results")
    await page.locator("tbody a").click()
    await expect(page.get_by_role("heading", name="Dead letter 0 of results")).to_be_visible()
    await expect(page.locator(".dump")).to_contain_text("Wanda")
    await looked_at(page, "letter-360", tmp_path)
    await page.get_by_role("link", name="Replay", exact=True).click()
    await looked_at(page, "confirm-360", tmp_path)
    await page.get_by_role("button", name="Replay").click()
    await expect(page.get_by_text("One dead letter went back to results.")).to_be_visible()
    again = await desk.system.query("results", "SELECT subject, released FROM held WHERE subject LIKE 'replay:%'")
    assert [(row.subject.split("/")[0], row.released) for row in again] == [("replay:entity.onboarded", True)]

    await page.goto("/console/held")
    await page.get_by_role("link", name=QUARANTINED).click()
    await expect(page.locator("tbody tr")).to_have_count(2)
    await page.get_by_role("link", name="Release").click()
    await page.get_by_role("link", name="Cancel").click()
    await page.get_by_role("link", name=QUARANTINED).click()
    await page.get_by_role("link", name="Release").click()
    await page.get_by_role("button", name="Release").click()
    await expect(page.get_by_text("2 events go on in results.")).to_be_visible()
    await looked_at(page, "held-360", tmp_path)
    freed = await desk.system.query("results", "SELECT released FROM held WHERE subject = :id", id=QUARANTINED)
    assert [row.released for row in freed] == [True, True]

    await page.goto("/console/trail")
    await looked_at(page, "trail-360", tmp_path)
    done = [(action, about) for who, action, about in await desk.trail() if who == OPERATOR]
    assert done[-3:] == [
        ("DEAD_LETTER_SHOWN", "results/0"),
        ("DEAD_LETTERS_REPLAYED", "results/0"),
        ("QUARANTINE_RELEASED", f"results/{QUARANTINED}"),
    ]
    await page.context.close()


async def test_a_reviewer_is_not_let_in_and_what_is_not_there_is_said(desk: Desk) -> None:
    async with httpx.AsyncClient(base_url=desk.address) as client:
        for name, statuses in ((REVIEWER, (403, 403)), (OPERATOR, (404, 404))):
            sent = {"username": name, "password": PASSWORD, "csrf": token_of((await client.get("/login")).text)}
            assert (await client.post("/login", data=sent)).status_code == 303
            paths = ("/console/letters/nobody", "/console/executions/p1/S/W/none")
            assert tuple([(await client.get(path)).status_code for path in paths]) == statuses
            client.cookies.clear()


async def test_what_cannot_be_asked_is_said_and_the_rest_is_shown(desk: Desk) -> None:
    console = Console(ResultsApi(ConsoleSettings()), desk.system.broker, {})
    office = backoffice(review_desk(desk.system), None, BackofficeSettings(vetstream_web_key="k" * 32), console)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(office), base_url="http://office") as client:
        sent = {"username": OPERATOR, "password": PASSWORD, "csrf": token_of((await client.get("/login")).text)}
        await client.post("/login", data=sent)
        overview = (await client.get("/console")).text
        assert "Cannot be asked now: the API of results." in overview
        assert re.search(r'<span class="tile-value">2</span><span class="tile-name">dead letters', overview)
        listed = await client.get("/console/executions")
        assert (listed.status_code, "No API is configured" in listed.text) == (503, True)
        letter = await client.get("/console/letters/results/0")
        assert "nothing can be given back" in letter.text
        replay = {"csrf": token_of(letter.text), "which": "one"}
        assert (await client.post("/console/letters/results/0/replay", data=replay)).status_code == 409
