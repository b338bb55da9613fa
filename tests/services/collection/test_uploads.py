"""Pictures on their way, from a client without a browser: in parts, too much, too often, and somebody else's."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from libs.blobs.directory import Directory
from libs.documents.apart import Apart, Unreadable
from services.collection import store
from services.collection.collected import TAKEN
from tests.services.collection import photos
from tests.services.collection.conftest import Face
from tests.services.collection.factory import complete

HTML = b"<!doctype html><script>alert(1)</script>"


@dataclass
class Applicant:
    """A client in an applicant's place."""

    http: httpx.AsyncClient
    id: str
    token: str

    @property
    def csrf(self) -> dict[str, str]:
        return {"X-CSRF-Token": self.token}

    def at(self, path: str) -> str:
        return f"/a/{self.id}/{path}"

    async def begin(self, length: int, slot: str = "passport-front") -> httpx.Response:
        announced = {"slot": slot, "length": length}
        return await self.http.post(self.at("uploads"), json=announced, headers=self.csrf)

    async def part(self, upload: str, offset: int, part: bytes) -> httpx.Response:
        headers = {**self.csrf, "Upload-Offset": str(offset)}
        return await self.http.patch(self.at(f"uploads/{upload}"), content=part, headers=headers)

    async def state(self, picture: str) -> Any:
        """Once it was checked."""
        while True:
            answer = await self.http.get(self.at(f"pictures/{picture}/state"))
            if answer.status_code == 200 and answer.json()["status"] != "RECEIVED":
                return answer.json()

    async def whole(self, content: bytes) -> tuple[str, Any]:
        """A picture sent in one part: its id, and what came of it."""
        upload = (await self.begin(len(content))).json()["upload"]
        assert (await self.part(upload, 0, content)).status_code == 204
        return upload, await self.state(upload)


@asynccontextmanager
async def applying(face: Face) -> AsyncIterator[Applicant]:
    """An applicant who has come to the pictures."""
    async with httpx.AsyncClient(base_url=face.address, timeout=30) as http:
        page = await http.get("/")
        token = _token(page.text)
        begun = await http.post("/start", data={"csrf": token})
        applicant = Applicant(http, begun.headers["Location"].rpartition("/")[2], token)
        given = complete(pictures=[])
        async with face.parts.engine.begin() as connection:
            one = await store.load(connection, applicant.id, lock=True)
            assert one is not None
            one.details, one.documents, one.state = given.details, given.documents, "document_selection"
            await store.save(connection, one, face.parts.clock())
        yield applicant


def _token(page: str) -> str:
    found = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert found is not None
    return found[1]


async def test_parts_go_on_where_the_service_says(face: Face) -> None:
    async with applying(face) as one:
        content = photos.passport()
        upload = (await one.begin(len(content))).json()["upload"]
        first = await one.part(upload, 0, content[:70_000])
        assert first.headers["Upload-Offset"] == "70000"
        assert (await one.part(upload, 0, content)).status_code == 409
        assert (await one.http.head(one.at(f"uploads/{upload}"))).headers["Upload-Offset"] == "70000"
        await one.part(upload, 70_000, content[70_000:])
        assert (await one.state(upload))["status"] == TAKEN
        assert not face.parts.working.file(upload).exists()
        assert (await one.part(upload, 0, content)).status_code == 404


async def test_a_picture_is_served_to_who_sent_it_and_to_nobody_else(face: Face) -> None:
    async with applying(face) as one, applying(face) as other:
        upload, state = await one.whole(photos.passport())
        assert state == {"status": TAKEN, "text": "The photo is good."}
        shown = await one.http.get(one.at(f"pictures/{upload}"))
        assert (shown.headers["Content-Type"], shown.headers["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
        assert shown.headers["Cache-Control"] == "no-store"
        assert (await other.http.get(one.at(f"pictures/{upload}"))).status_code == 410
        assert (await other.http.get(other.at(f"pictures/{upload}"))).status_code == 404
        assert (await other.http.head(one.at(f"uploads/{upload}"))).status_code == 410


async def test_a_page_that_is_named_a_picture_is_refused_and_kept_nowhere(face: Face) -> None:
    async with applying(face) as one:
        before = {path for path in face.blobs.rglob("*") if path.is_file()}
        for content, words in ((HTML, "neither a JPEG nor a PNG"), (photos.passport() + HTML, "more than a photo")):
            upload, state = await one.whole(content)
            assert state["status"] == "REFUSED"
            assert words in state["text"]
            assert (await one.http.get(one.at(f"pictures/{upload}"))).status_code == 404
        assert {path for path in face.blobs.rglob("*") if path.is_file()} == before


async def test_what_is_too_much_is_refused(face: Face) -> None:
    async with applying(face) as one:
        assert (await one.begin(10_000_001)).status_code == 413
        upload = (await one.begin(10)).json()["upload"]
        assert (await one.part(upload, 0, b"x" * 11)).status_code == 413
        assert (await one.begin(10, "selfie-of-somebody")).status_code == 409
        file = {"file": ("photo.jpg", b"\0" * 10_200_000, "image/jpeg")}
        sent = await one.http.post(one.at("pictures/passport-front"), data={"csrf": one.token}, files=file)
        assert sent.status_code == 413
        for _ in range(face.parts.policy.pictures_in_a_round - 1):
            assert (await one.begin(10)).status_code == 201
        assert (await one.begin(10)).status_code == 429


async def test_nothing_is_taken_that_does_not_come_from_a_page(face: Face) -> None:
    async with applying(face) as one:
        assert (await one.http.post(one.at("uploads"), json={"slot": "selfie", "length": 1})).status_code == 403
        form = {"version": "2", "event": "save", "givenName": "Eve"}
        assert (await one.http.post(one.at("at/personal_details"), data=form)).status_code == 403
        async with face.parts.engine.connect() as connection:
            kept = await store.load(connection, one.id)
        assert kept is not None
        assert kept.details["givenName"] == "Sarah"


async def test_a_consent_is_kept_as_it_was_read_and_when_it_was_taken_back(face: Face) -> None:
    async with applying(face) as one:
        forms = ({"consent-GENERAL": "yes", "consent-DOCS": "yes"}, {"consent-GENERAL": "yes"})
        for version, form in enumerate(forms, 2):
            data = {"csrf": one.token, "version": str(version), "event": "save", **form}
            answer = await one.http.post(
                one.at("at/welcome"), data=data, headers={"X-Save": "1", "Accept-Language": "es"}
            )
            assert answer.json() == {"version": version + 1}
        statement = text("SELECT * FROM consents WHERE collection_id = :id ORDER BY consent")
        async with face.parts.engine.connect() as connection:
            docs, general = (await connection.execute(statement, {"id": one.id})).all()
        assert (docs.version, docs.language, docs.withdrawn_at is None) == ("2026-03", "es", False)
        assert general.text.startswith("Acepto que mis datos personales")
        assert general.withdrawn_at is None


async def test_a_picture_that_was_taken_is_in_the_store_that_others_read(face: Face) -> None:
    async with applying(face) as one:
        upload, _ = await one.whole(photos.passport())
        async with face.parts.engine.connect() as connection:
            kept = await store.picture(connection, one.id, upload)
        assert kept is not None
        assert len(await Directory(face.blobs).get(kept.sha256)) == kept.size


async def test_a_picture_that_ends_the_process_is_tried_again_and_then_refused(
    face: Face, monkeypatch: pytest.MonkeyPatch
) -> None:
    met: list[Any] = []

    async def ended(self: Apart, argument: Any) -> Any:
        met.append(argument)
        raise Unreadable("reading a picture ended the process that did")

    monkeypatch.setattr(Apart, "do", ended)
    async with applying(face) as one:
        _, state = await one.whole(photos.passport())
    assert (state["status"], len(met)) == ("REFUSED", 3)
