"""A reviewer's day in a browser: the queue, a case, its decisions, two reviewers, keys, no scripts."""

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from libs.events.models import Address, Attachment, CollectionSubmitted, Document, Individual
from tests.factory import event, person
from tests.flows.test_onboarding import STRANGER, outcome
from tests.flows.test_review import PASSPORT, begun, case_of
from tests.services.collection import photos
from tests.services.review.web.conftest import Office, Shots


async def picture(office: Office, data: bytes) -> Attachment:
    """A picture that is kept."""
    kept = await office.blobs.put(data)
    return Attachment(sha256=kept.sha256, mediaType=kept.mediaType, size=kept.size, side="FRONT")


async def applicant(office: Office) -> Individual:
    """Who is on a list, with a passport and a selfie."""
    passport = Document(
        documentId="d1", type="PASSPORT", country="VEN", primaryIdentifier="N1234567", expiryDate="2031-05-01",
        attachments=[await picture(office, photos.passport())],
    )  # fmt: skip
    selfie = Document(
        documentId="d2", type="SELF_IMAGE", country="VEN", attachments=[await picture(office, photos.selfie())]
    )
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


async def test_a_case_is_found_its_hit_resolved_and_two_reviewers_meet_on_it(office: Office, shots: Shots) -> None:
    start, _ = await begun(office.system, await applicant(office))
    ana, ben = await office.login("ana"), await office.login("ben", width=360)
    await shots(ana, "backoffice-queue-1280")
    await sound(ana)
    await ana.keyboard.press("j")
    await ana.keyboard.press("Enter")
    heading = ana.get_by_role("heading", name="Nicolas Maduro Moros", level=1)
    await expect(heading).to_be_visible()
    read = ana.get_by_role("region", name="Claimed and read").get_by_role("row", name="Family name")
    await expect(read).to_contain_text("Maduro MorosWHITAKER", timeout=60_000)
    await sound(ana)
    await ana.keyboard.press("m")
    await expect(ana.get_by_role("status")).to_contain_text("The case is ana's now.")

    await ben.get_by_label("Search").fill("madu")
    await ben.goto("/queue/open?q=madu")
    await shots(ben, "backoffice-queue-360")
    await ben.get_by_role("link", name="Nicolas Maduro Moros").click()
    await ben.get_by_role("link", name="Reject").click()
    await sound(ben)

    await ana.keyboard.press("a")
    await ana.get_by_role("button", name="Approve").click()
    await expect(ana.get_by_role("status")).to_contain_text("say first of each hit what it is worth")
    await ana.get_by_label("It is").select_option("FALSE_POSITIVE")
    await ana.get_by_label("Because").fill("born in another year")
    await ana.get_by_role("button", name="Say so").click()
    await expect(ana.get_by_role("status")).to_contain_text("counts with the decision")
    await expect(ben.get_by_role("alert")).to_contain_text("This case has changed")

    await (
        ana.get_by_role("link", name="Graph")
        .or_(ana.get_by_role("img", name="The workflow"))
        .scroll_into_view_if_needed()
    )
    await ana.wait_for_load_state("networkidle")
    await shots(ana, "backoffice-case-1280")
    await ana.keyboard.press("r")
    await ana.get_by_label("Not eligible").check()
    await shots(ana, "backoffice-reject-1280")
    await ana.get_by_role("button", name="Reject").click()
    await expect(ana.get_by_role("status")).to_contain_text("The person is rejected.")
    await ben.get_by_label("Identity not confirmed").check()
    await ben.get_by_role("button", name="Reject").click()
    await expect(ben.get_by_role("status")).to_contain_text("Nothing was changed")
    await shots(ben, "backoffice-case-360")
    await sound(ben)

    await office.system.settle()
    assert await outcome(office.system, start) == ("COMPLETED", "REJECTED", "REJECTED")
    rows = await office.system.query("review", "SELECT action, details->>'refused' AS refused FROM staff_audit")
    assert {"CASE_VIEWED", "PICTURE_VIEWED", "HIT_RESOLVED", "CASE_DECIDED"} <= {row.action for row in rows}
    assert [row.refused for row in rows if row.refused] == ["OPEN_HITS", "STALE"]


async def test_without_scripts_an_applicant_is_asked_again_and_a_second_person_agrees(office: Office) -> None:
    start, case = await begun(office.system, STRANGER.model_copy(update={"documents": [PASSPORT]}), "p2")
    ana = await office.login("ana", script=False)
    await ana.goto(f"/cases/{case.case_id}")
    await ana.get_by_role("link", name="Ask again").click()
    await ana.get_by_label("Passport (AUS)").check()
    await ana.get_by_role("button", name="Ask again").click()
    await expect(ana.get_by_text("The applicant is asked for: passport (blurred).")).to_be_visible()
    await expect(ana.get_by_role("link", name="Approve")).to_have_count(0)

    again = PASSPORT.model_copy(update={"documentId": "d9", "attachments": [await picture(office, photos.passport(2))]})
    individual = STRANGER.model_copy(update={"documents": [again, PASSPORT]})
    data = CollectionSubmitted(
        customerId="c1", entityId="p2", entityVersion=2, collectionId="k1", round=2, caseId=case.case_id,
        individual=individual, documents=[again], submittedAt=office.system.now,
    )  # fmt: skip
    await office.system.publish(event(data, "collection.submitted", "c1:p2"))
    await office.system.settle()
    await ana.reload()
    await expect(ana.get_by_role("heading", name="Round 1, earlier")).to_be_visible()

    stranger = await office.browser.new_page(base_url=office.address)
    seen = await stranger.goto(f"/cases/{case.case_id}/pictures/{again.attachments[0].sha256}")
    assert seen is not None
    assert "/login" in seen.url
    assert (await ana.request.get(f"/cases/{case.case_id}/pictures/{'0' * 64}")).status == 404

    high = await case_of(office.system, start)
    await office.set_risk(high, "HIGH")
    await ana.get_by_role("link", name="Approve").click()
    await ana.get_by_role("button", name="Propose to approve").click()
    await expect(ana.get_by_text("a second person has to agree")).to_be_visible()
    sue = await office.login("sue", script=False)
    await sue.goto("/queue/second")
    await sue.get_by_role("link", name="Jane Citizen").click()
    await sue.get_by_role("link", name="Agree or not").click()
    await sue.get_by_role("button", name="Agree", exact=True).click()
    await expect(sue.get_by_text("The decision counts.")).to_be_visible()
    await office.system.settle()
    assert await outcome(office.system, start) == ("COMPLETED", "APPROVED", "APPROVED")
