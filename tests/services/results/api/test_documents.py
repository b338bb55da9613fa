"""Documents and their attachments, added, read back, changed and taken away."""

import base64
from io import BytesIO
from typing import Any

import httpx
import pytest
from PIL import Image

from libs.events.models import EntityChanged
from services.results.api import models
from tests.libs.blobs.pdfs import HARMLESS, with_objects
from tests.services.results.api.test_individuals import ALL, created
from tests.services.results.conftest import Projection

pytestmark = pytest.mark.asyncio


def picture(kind: str = "PNG") -> bytes:
    written = BytesIO()
    Image.new("RGB", (80, 60), "white").save(written, kind)
    return written.getvalue()


def data(content: bytes) -> dict[str, str]:
    return {"base64": base64.b64encode(content).decode()}


def passport(*attachments: dict[str, Any], **more: Any) -> dict[str, Any]:
    given = {"type": "PASSPORT", "country": "AUS", "primaryIdentifier": "N1234567"}
    return {"document": {**given, "attachments": list(attachments), **more}}


@pytest.fixture
async def path(api: httpx.AsyncClient) -> str:
    person = await created(api)
    return f"{ALL}/{person['entityId']}/documents"


async def added(api: httpx.AsyncClient, path: str, *attachments: dict[str, Any], **more: Any) -> dict[str, Any]:
    response = await api.post(path, json=passport(*attachments, **more))
    assert response.status_code == 201, response.text
    models.DocumentChanged.model_validate(response.json())
    return dict(response.json()["document"])


@pytest.mark.parametrize(
    ("content", "kind"),
    [(picture("PNG"), "image/png"), (picture("JPEG"), "image/jpeg"), (HARMLESS, "application/pdf")],
    ids=["png", "jpeg", "pdf"],
)
async def test_a_file_is_read_back_as_it_was_sent(
    api: httpx.AsyncClient, projection: Projection, path: str, content: bytes, kind: str
) -> None:
    sent = {"filename": "front", "side": "FRONT", "mimeType": "image/bmp", "data": data(content)}

    document = await added(api, path, sent)

    (attachment,) = document["attachments"]
    assert (attachment["mimeType"], attachment["side"], attachment["filename"]) == (kind, "FRONT", "front")
    assert set(attachment["data"]) == {"uri"}
    one = f"{path}/{document['documentId']}"
    assert (await api.get(one)).json() == document
    whole = (await api.get(f"{one}?level=base64")).json()
    assert whole["attachments"][0]["data"] == data(content)
    person = (await api.get(f"{path.removesuffix('/documents')}?level=base64")).json()["individual"]
    assert person["documents"]["IDENTITY"][0]["attachments"][0]["data"] == data(content)
    event = projection.published[-1].data
    assert isinstance(event, EntityChanged)
    assert event.individual is not None
    (kept,) = event.individual.documents[0].attachments
    assert (kept.mediaType, kept.size, attachment["data"]["uri"]) == (kind, len(content), f"urn:sha256:{kept.sha256}")
    assert data(content)["base64"] not in (event.document or "")


async def test_a_file_may_be_a_data_uri(api: httpx.AsyncClient, path: str) -> None:
    uri = f"data:image/png;base64,{data(picture())['base64']}"
    document = await added(api, path, {"data": {"uri": uri}})
    whole = (await api.get(f"{path}/{document['documentId']}?level=base64")).json()
    assert whole["attachments"][0]["data"] == data(picture())


@pytest.mark.parametrize(
    ("sent", "issue"),
    [
        ({"base64": "not base64!"}, "is not base64"),
        (data(b""), "empty"),
        (data(b"<html><script>"), "text/html"),
        (data(b"GIF89a"), "image/gif"),
        (data(b"\0" * 10), "application/octet-stream"),
        (data(picture() + b"<script>alert(1)</script>"), "something else as well"),
        (data(with_objects(b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>")), "/JS"),
        (data(b"\x89PNG\r\n\x1a\n" + b"\0" * 10_000_000), "10,000,008 bytes are more"),
        ({"uri": "http://169.254.169.254/"}, "no file is fetched"),
        ({"uri": "file:///etc/passwd"}, "no file is fetched"),
        ({"uri": f"urn:sha256:{'0' * 64}"}, "no file is fetched"),
        ({}, "one of base64 and uri"),
        ({"base64": "", "uri": ""}, "one of base64 and uri"),
        ("text", "valid dictionary"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_what_is_no_harmless_file_is_refused_with_the_place(
    api: httpx.AsyncClient, projection: Projection, path: str, sent: Any, issue: str
) -> None:
    response = await api.post(path, json=passport({"data": data(picture())}, {"data": sent}))
    assert response.status_code == 422, response.text
    (detail, *_) = models.Error.model_validate(response.json()).details
    assert detail.issueLocation == "document.attachments[1].data"
    assert issue in detail.issue
    assert len(projection.published) == 1


async def test_a_document_stands_under_its_class(api: httpx.AsyncClient, path: str) -> None:
    first = await added(api, path)
    await added(api, path, type="UTILITY_BILL")
    await added(api, path, **{"class": "OTHER"})
    told = (await api.get(path)).json()
    models.Documents.model_validate(told)
    assert {group: [one["type"] for one in several] for group, several in told.items()} == {
        "IDENTITY": ["PASSPORT"], "SUPPORTING": ["UTILITY_BILL"], "OTHER": ["PASSPORT"]
    }  # fmt: skip
    assert (await api.get(f"{path}?level=id")).json()["IDENTITY"] == [{"documentId": first["documentId"]}]


async def test_a_document_is_changed_in_part(api: httpx.AsyncClient, path: str) -> None:
    before = await added(api, path, {"side": "FRONT", "data": data(picture())}, expiryDate={"year": "2030"})
    front = before["attachments"][0]
    change = {
        "expiryDate": {"normalized": "2031-05-20"},
        "primaryIdentifier": None,
        "attachments": [{"attachmentId": front["attachmentId"], "pageNumber": 1}, {"data": data(picture("JPEG"))}],
    }

    response = await api.patch(f"{path}/{before['documentId']}", json={"document": change})

    assert response.status_code == 200, response.text
    after = response.json()["document"]
    assert after["expiryDate"]["normalized"] == "2031-05-20"
    assert "primaryIdentifier" not in after
    assert [one["mimeType"] for one in after["attachments"]] == ["image/png", "image/jpeg"]
    assert (after["attachments"][0]["side"], after["attachments"][0]["pageNumber"]) == ("FRONT", 1)
    assert (after["createdAt"], after["updatedAt"] > before["updatedAt"]) == (before["createdAt"], True)
    again = await api.patch(f"{path}/{before['documentId']}", json={"document": after})
    assert again.json()["document"] == after


async def test_documents_and_attachments_are_taken_away(api: httpx.AsyncClient, path: str) -> None:
    document = await added(api, path, {"data": data(picture())}, {"data": data(picture("JPEG"))})
    one, gone = f"{path}/{document['documentId']}", document["attachments"][0]["attachmentId"]

    response = await api.delete(f"{one}/attachments/{gone}")
    models.AttachmentDeleted.model_validate(response.json())
    assert [found["attachmentId"] for found in (await api.get(one)).json()["attachments"]] == [
        document["attachments"][1]["attachmentId"]
    ]
    assert (await api.delete(f"{one}/attachments/{gone}")).status_code == 404
    models.DocumentDeleted.model_validate((await api.delete(one)).json())
    assert [(await api.get(one)).status_code, (await api.delete(one)).status_code] == [404, 404]
    assert (await api.get(path)).json() == {}


async def test_a_file_that_is_lost_is_told_as_failed(api: httpx.AsyncClient, path: str, tmp_path: Any) -> None:
    document = await added(api, path, {"data": data(picture())})
    for file in tmp_path.rglob("*"):
        if file.is_file():
            file.unlink()
    (attachment,) = (await api.get(f"{path}/{document['documentId']}?level=base64")).json()["attachments"]
    assert attachment["retrievalStatus"] == "FAILED"


@pytest.mark.parametrize(
    ("method", "tail", "sent", "status", "place"),
    [
        ("GET", "/nope", None, 404, "path.documentId"),
        ("PATCH", "/nope", {"document": {}}, 404, "path.documentId"),
        ("DELETE", "/nope", None, 404, "path.documentId"),
        ("DELETE", "/mine/attachments/nope", None, 404, "path.attachmentId"),
        ("PATCH", "/mine", {"document": {"documentId": "other"}}, 422, "document.documentId"),
        ("PATCH", "/mine", {"document": {"country": "Australia"}}, 422, "document.country"),
        ("PATCH", "/mine", {"document": {"attachments": {}}}, 422, "document.attachments"),
        ("POST", "", passport(documentId="mine"), 409, "document.documentId"),
        ("POST", "", {"document": {"type": "PASSPORT"}}, 422, "document.country"),
    ],
)
async def test_what_does_not_fit_is_refused(
    api: httpx.AsyncClient, path: str, method: str, tail: str, sent: Any, status: int, place: str
) -> None:
    await added(api, path, documentId="mine")
    response = await api.request(method, path + tail, json=sent)
    assert response.status_code == status, response.text
    assert models.Error.model_validate(response.json()).details[0].issueLocation == place
