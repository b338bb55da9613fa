"""The applicant's way in a browser: a phone and a desktop, with and without JavaScript, on the real service."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from itsdangerous import TimestampSigner, URLSafeTimedSerializer
from playwright.async_api import Page, Route, expect

from libs.events.models import CaseChanged, CollectionSubmitted, DocumentAsked
from tests.factory import NOON, event
from tests.services.collection import photos
from tests.services.collection.browser import DESKTOP, PHONE, chromium, opened
from tests.services.collection.conftest import Face

# Where the screenshots of the README are made: SCREENSHOTS=docs/images.
SCREENSHOTS = "SCREENSHOTS"
DETAILS = {
    "Given name": "Sarah",
    "Family name": "Whitaker",
    "Date of birth": "1984-03-09",
    "Street and house number": "1 High Street",
    "Town or city": "Perth",
}


async def looked_at(page: Page, name: str) -> None:
    """Nothing serious stands in the way of whoever cannot see or point; nothing is cut off; no traceback is shown."""
    found = await Axe().run(page)
    grave = [one["id"] for one in found.response["violations"] if one["impact"] in ("serious", "critical")]
    assert grave == [], f"{name}: {grave}"
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} is wider than the screen"
    assert "Traceback" not in await page.content()
    if folder := os.environ.get(SCREENSHOTS):
        width = page.viewport_size["width"] if page.viewport_size else 0
        await page.screenshot(path=Path(folder) / f"collection-{name}-{width}.png", full_page=True)


async def go_on(page: Page, name: str = "Continue") -> None:
    await page.get_by_role("button", name=name, exact=True).click()


async def choose(page: Page, slot: str, picture: bytes, media_type: str = "image/jpeg") -> None:
    file: Any = {"name": "photo.jpg", "mimeType": media_type, "buffer": picture}
    await page.locator(f"#file-{slot}").set_input_files(file)


async def agree(page: Page, address: str) -> None:
    await page.goto(address)
    await looked_at(page, "start")
    await go_on(page, "Start KYC")
    await go_on(page)
    await expect(page.get_by_role("alert")).to_contain_text("We cannot go on without it.")
    await looked_at(page, "welcome")
    for text in ("I agree that my personal details", "I agree that photos"):
        await page.get_by_label(text).check()
    await go_on(page)


async def tell_details(page: Page) -> None:
    for label, value in DETAILS.items():
        await page.get_by_label(label).fill(value)
    for label in ("Nationality", "Country"):
        await page.get_by_label(label, exact=True).select_option("AUS")
    await expect(page.get_by_text("All changes are saved.")).to_be_visible()
    await looked_at(page, "personal-details")


def broken(times: int) -> Callable[[Route], Any]:
    """Parts of a picture that do not arrive, after the first one."""
    met: list[str] = []

    async def answer(route: Route) -> None:
        if route.request.method == "PATCH":
            met.append("PATCH")
        if 1 < len(met) <= 1 + times and route.request.method == "PATCH":
            await route.abort("connectionreset")
        else:
            await route.continue_()

    return answer


def link(id: str, age: int) -> str:
    """The token of a link that was made so many days ago."""

    class Past(TimestampSigner):
        def get_timestamp(self) -> int:
            return super().get_timestamp() - age * 24 * 3600

    return str(URLSafeTimedSerializer("a-key-of-tests", salt="vetstream.collection", signer=Past).dumps(id))


def case(one: Any, sequence: int, kind: str, **more: Any) -> Any:
    """What review tells of the applicant's case."""
    data = CaseChanged(
        changeId=f"change-{sequence}",
        customerId=one.customerId,
        entityId=one.entityId,
        workflowExecutionId="execution-1",
        requestId=one.requestId,
        caseId="case-1",
        sequence=sequence,
        kind=kind,
        status=more.pop("status", "OPEN"),
        round=more.pop("round", 1),
        changedBy="ana",
        changedAt=NOON,
        **more,
    )
    return event(data, "case.changed", f"{one.customerId}:{one.entityId}", source="review")


async def test_a_phone_goes_the_whole_way_and_another_device_goes_on(face: Face) -> None:
    async with chromium() as browser, opened(browser, **PHONE) as page, opened(browser, **DESKTOP) as second:
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        await agree(page, face.address)
        await tell_details(page)
        await page.get_by_text("Go on with another device").click()
        await expect(page.get_by_alt_text("QR code of your personal link")).to_have_js_property("complete", True)
        await looked_at(page, "another-device")
        link = await page.locator(".elsewhere a").get_attribute("href")
        await go_on(page)

        # Another device goes on with what was saved; of two who change it the second is told, and shown what is there.
        await second.goto(face.address + "/apply/" + str(link).rpartition("/")[2])
        await expect(second).to_have_url(re.compile("document_selection"))
        assert "/apply/" not in second.url
        await second.get_by_label("Passport").check()
        await expect(second.get_by_text("All changes are saved.")).to_be_visible()
        await looked_at(second, "document-selection")
        await page.get_by_label("Driving licence").check()
        await expect(page.get_by_text("This was saved on another device")).to_be_visible()
        await page.get_by_text("Show what was saved").click()
        await expect(page.get_by_label("Passport")).to_be_checked()
        await expect(page.get_by_label("Driving licence")).not_to_be_checked()
        await go_on(page)

        # What cannot be used is said before it is sent; a broken connection is gone on with.
        await looked_at(page, "document-photo-empty")
        for picture, why in ((photos.dark(), "too dark"), (photos.blurred(), "blurred"), (photos.small(), "too small")):
            await choose(page, "passport-front", picture)
            await expect(page.get_by_text(why)).to_be_visible()
        await page.route("**/uploads/*", broken(times=2))
        await choose(page, "passport-front", photos.large_passport())
        await expect(page.get_by_text("The connection is lost.")).to_be_visible()
        await expect(page.get_by_text("The photo is good.")).to_be_visible(timeout=60_000)
        await looked_at(page, "document-photo")
        await go_on(page)

        # What was read is there to be corrected.
        await expect(page.get_by_text("We read this from your photo.")).to_be_visible(timeout=60_000)
        await expect(page.get_by_label("Document number")).to_have_value("N1234567")
        await expect(page.get_by_label("Expires on")).to_have_value("2031-05-20")
        await looked_at(page, "document-review")
        await second.goto(face.address + "/apply/" + str(link).rpartition("/")[2])
        await expect(second).to_have_url(re.compile("document_review"))
        await go_on(page)

        await page.get_by_role("button", name="Use the camera").click()
        await page.get_by_role("button", name="Take the photo", exact=True).click()
        await expect(page.get_by_text("The photo is good.").or_(page.get_by_text("could not be used"))).to_be_visible()
        await choose(page, "selfie", photos.selfie())
        await expect(page.get_by_text("The photo is good.")).to_be_visible(timeout=30_000)
        await looked_at(page, "selfie")
        await go_on(page)
        await looked_at(page, "selfie-review")
        await go_on(page, "Submit everything")
        await expect(page.get_by_text("we are checking your details")).to_be_visible()
        await looked_at(page, "submitted")

        (submitted,) = face.sent("entity.onboarded")[-1:]
        assert [one.documentId for one in submitted.individual.documents] == ["passport-1", "self_image-1"]
        left = [one for one in face.sent("collection.progressed") if one.entityId == submitted.entityId]
        assert (left[-1].left, left[-1].entered) == ("document_photo", "document_review")
        first = submitted.individual.documents[0].attachments[0].sha256

        # What a reviewer asks for again is shown without a reload, and given again; then the decision.
        asked = DocumentAsked(documentId="passport-1", type="PASSPORT", country="AUS", reason="BLURRED")
        await face.hears(case(submitted, 1, "OPENED"))
        await face.hears(
            case(submitted, 2, "RESUBMISSION_ASKED", documents=[asked], message="In daylight, please.", dueAt=NOON)
        )
        await expect(page.get_by_text("In daylight, please.")).to_be_visible(timeout=2_000)
        await looked_at(page, "asked-again")
        await go_on(page, "Send it again")
        await choose(page, "passport-front", photos.passport(seed=2))
        await expect(page.get_by_text("The photo is good.")).to_be_visible(timeout=30_000)
        await go_on(page)
        await expect(page.get_by_text("We read this from your photo.")).to_be_visible(timeout=60_000)
        await go_on(page)
        await expect(page.get_by_text("we are checking your details")).to_be_visible()
        (again,) = face.sent("collection.submitted")
        assert isinstance(again, CollectionSubmitted)
        assert (again.round, again.caseId, again.entityVersion) == (2, "case-1", 2)
        assert [one.documentId for one in again.individual.documents] == ["passport-2", "passport-1", "self_image-1"]
        assert again.individual.documents[1].attachments[0].sha256 == first

        await face.hears(case(submitted, 3, "RESUBMITTED", round=2))
        await face.hears(case(submitted, 4, "DECIDED", status="DECIDED", decision="APPROVED", round=2))
        await expect(page.get_by_role("heading", name="You are confirmed")).to_be_visible(timeout=2_000)
        await looked_at(page, "approved")
        assert problems == []


async def test_a_desktop_without_javascript_comes_to_the_end_in_another_language(face: Face) -> None:
    async with chromium() as browser, opened(browser, java_script_enabled=False, **DESKTOP) as page:
        await page.goto(face.address)
        await page.get_by_role("link", name="Español").click()
        await go_on(page, "Empezar la verificación")
        for box in await page.get_by_role("checkbox").all():
            await box.check()
        await go_on(page, "Continuar")
        await page.get_by_label("Nombre", exact=True).fill("Sarah")
        await go_on(page, "Continuar")
        await expect(page.get_by_text("Revise estos puntos")).to_be_visible()
        await expect(page.get_by_label("Nombre", exact=True)).to_have_value("Sarah")
        for name, value in (("Apellidos", "Whitaker"), ("Fecha de nacimiento", "1984-03-09"), ("Localidad", "Lugo")):
            await page.get_by_label(name).fill(value)
        await page.get_by_label("Calle y número").fill("Mayor 5")
        await page.get_by_label("Nacionalidad").select_option(label="España")
        await page.get_by_label("País", exact=True).select_option(label="España")
        await go_on(page, "Continuar")
        await page.get_by_label("Documento de identidad").check()
        await go_on(page, "Continuar")
        await go_on(page, "Continuar")
        await expect(page.get_by_text("Esto es necesario.").first).to_be_visible()
        for slot in ("national_id-front", "national_id-back"):
            await choose(page, slot, photos.dark())
            await page.locator(f"#{slot}").get_by_role("button", name="Enviar la foto").click()
            await expect(page.locator(f"#{slot}")).to_contain_text("demasiado oscura")
            await choose(page, slot, photos.passport())
            await page.locator(f"#{slot}").get_by_role("button", name="Enviar la foto").click()
            await expect(page.locator(f"#{slot}")).to_contain_text("La foto es buena.")
        await go_on(page, "Continuar")
        await page.get_by_label("Número del documento").fill("N1234567")
        await go_on(page, "Continuar")
        await choose(page, "selfie", photos.selfie())
        await go_on(page, "Enviar la foto")
        await go_on(page, "Continuar")
        await go_on(page, "Enviar todo")
        await expect(page.get_by_text("Gracias")).to_be_visible()
        submitted = face.sent("entity.onboarded")[-1]
        assert submitted.individual.nationality == "ESP"
        sides = [one.side for one in submitted.individual.documents[0].attachments]
        assert sides == ["FRONT", "BACK"]
        await face.hears(
            case(submitted, 1, "DECIDED", status="DECIDED", decision="REJECTED", message="No podemos continuar.")
        )
        await page.reload()
        await expect(page.get_by_text("No podemos continuar.")).to_be_visible()


@pytest.mark.parametrize("how", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_a_link_that_is_not_good_shows_nothing_of_anybody(face: Face, how: dict[str, Any]) -> None:
    async with chromium() as browser, opened(browser, **how) as page, opened(browser, **how) as stranger:
        await page.goto(face.address)
        await go_on(page, "Start KYC")
        id = page.url.split("/")[4]
        for address in (
            page.url,
            f"{face.address}/apply/{link(id, age=31)}",
            f"{face.address}/apply/WyJ4Il0.aaaa.bbbb",
        ):
            answer = await stranger.goto(address)
            assert answer is not None
            assert answer.status == 410
            await expect(stranger.get_by_role("heading", name="This link is no longer valid")).to_be_visible()
            await looked_at(stranger, "expired")
        await stranger.goto(f"{face.address}/apply/{link(id, age=29)}")
        await expect(stranger).to_have_url(page.url)
