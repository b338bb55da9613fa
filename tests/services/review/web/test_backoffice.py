"""A reviewer's day in a browser: the queue, a case, its decisions, two reviewers, keys, no scripts."""

import io
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from PIL import Image, ImageDraw
from playwright.async_api import Page, expect

from libs.events.models import Address, Attachment, Document, Individual
from tests.factory import person
from tests.flows.test_onboarding import outcome
from tests.flows.test_review import begun, case_of
from tests.services.review.web.conftest import Office

SHOTS = Path("/tmp/asl/r_shots")


async def picture(office: Office, text: str) -> Attachment:
    """A picture that is kept."""
    image = Image.new("RGB", (640, 420), "#c8d4dd")
    ImageDraw.Draw(image).text((60, 180), text, fill="#20303c", font_size=48)
    data = io.BytesIO()
    image.save(data, "JPEG")
    kept = await office.blobs.put(data.getvalue())
    return Attachment(sha256=kept.sha256, mediaType=kept.mediaType, size=kept.size, side="FRONT")


async def applicant(office: Office) -> Individual:
    """Who is on a list, with a passport and a selfie."""
    passport = Document(
        documentId="d1", type="PASSPORT", country="VEN", primaryIdentifier="N1234567", expiryDate="2031-05-01",
        attachments=[await picture(office, "PASSPORT")],
    )  # fmt: skip
    selfie = Document(documentId="d2", type="SELF_IMAGE", country="VEN", attachments=[await picture(office, "SELFIE")])
    return person(
        "Nicolas", "Maduro Moros", "1962-11-23", nationality="VEN", documents=[passport, selfie],
        addresses=[Address(country="VEN", locality="Caracas", streetName="Avenida Urdaneta", streetNumber="1")],
        emailAddresses=["nm@example.org"],
    )  # fmt: skip


async def sound(page: Page) -> None:
    """Nothing that keeps people out."""
    found = await Axe().run(page)
    grave = [one["id"] for one in found.response["violations"] if one["impact"] in ("serious", "critical")]
    assert grave == [], found.generate_report()


async def test_a_case_from_the_queue_to_its_rejection(office: Office) -> None:
    start, case = await begun(office.system, await applicant(office))
    ana = await office.login("ana")
    await expect(ana.get_by_role("link", name="Nicolas Maduro Moros")).to_be_visible()
    await ana.screenshot(path=SHOTS / "queue-1280.png", full_page=True)
    await sound(ana)
    await ana.keyboard.press("j")
    await ana.keyboard.press("Enter")
    await expect(ana.get_by_role("heading", name="Nicolas Maduro Moros", level=1)).to_be_visible()
    await ana.wait_for_load_state("networkidle")
    await ana.screenshot(path=SHOTS / "case-1280.png", full_page=True)
    await sound(ana)
