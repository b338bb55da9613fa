"""The check with its means: pictures by reference, uses of documents, faces."""

import random
from pathlib import Path

import numpy as np
import pytest

from libs.blobs.directory import Directory
from libs.documents.reader import Reader
from libs.events.models import Attachment, Document, ProcessResultCode, StepResult, StepResultCode
from libs.streaming.check import CheckFailed
from services.idv.agent import Means, check_with
from services.idv.face import Rates
from tests.libs.blobs.pdfs import HARMLESS
from tests.libs.documents import licences, pictures
from tests.libs.documents.pictures import photographed, saved
from tests.services.idv.factory import NOW, individual, mrz, passport, request

RATES = Rates(threshold=0.5, falseMatch=0.001, falseNonMatch=0.02, measuredOn="a made-up set")


class Faces:
    """An adapter that finds every pair equally alike."""

    name = "faces"

    def __init__(self, similarity: float, rates: Rates | None = RATES) -> None:
        self.rates = rates
        self._similarity = similarity

    async def similarity(self, portrait: bytes, selfie: bytes) -> float:
        return self._similarity


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def page(zone: str, format: str = "TD3") -> bytes:
    """A picture of a document with a zone."""
    return photographed(pictures.drawn(random.Random(3), zone, format, 200), pictures.CLEAN, 3)


async def kept(blobs: Directory, *files: bytes) -> list[Attachment]:
    """Files, as a document names them."""
    names = [await blobs.put(file) for file in files]
    return [Attachment(sha256=one.sha256, mediaType=one.mediaType, size=one.size) for one in names]


async def answered(means: Means, *documents: Document, **settings: str) -> StepResult:
    asked = request(individual(*documents)).model_copy(update={"settings": settings})
    return await check_with(means).answer(asked, NOW)


def codes(result: StepResult) -> list[str]:
    return [reason.code for reason in result.outcome.reasons]


async def test_a_passports_picture_is_read_by_its_reference(tmp_path: Path, reader: Reader) -> None:
    blobs = Directory(tmp_path)
    result = await answered(Means({}, blobs, reader=reader), passport(None, attachments=await kept(blobs, page(mrz()))))
    assert (result.outcome.result, codes(result)) == (StepResultCode.PASS, ["DOCUMENT_VERIFIED"])
    assert {finding.result for finding in result.findings} == {ProcessResultCode.MATCH}


async def test_the_picture_of_another_persons_passport(tmp_path: Path, reader: Reader) -> None:
    blobs = Directory(tmp_path)
    other = page(mrz(familyName="Jones", givenNames="Michael", birth="1960-01-01"))
    result = await answered(Means({}, blobs, reader=reader), passport(None, attachments=await kept(blobs, other)))
    assert result.outcome.result is StepResultCode.FAIL
    assert {"DOCUMENT_DOB_MISMATCH", "DOCUMENT_NAME_UNCONFIRMED"} <= {*codes(result)}


async def test_a_zone_that_is_not_the_pictures(tmp_path: Path, reader: Reader) -> None:
    blobs = Directory(tmp_path)
    attachments = await kept(blobs, page(mrz(number="P7654321")))
    result = await answered(Means({}, blobs, reader=reader), passport(mrz(), attachments=attachments))
    assert (result.outcome.result, codes(result)[0]) == (StepResultCode.FAIL, "PICTURE_MISMATCH")


async def test_a_licences_barcode(tmp_path: Path, reader: Reader) -> None:
    blobs = Directory(tmp_path)
    said = licences.elements(DCS="WHITAKER", DAC="SARAH", DAD="JANE", DBB="03091984")
    attachments = await kept(blobs, photographed(licences.drawn(said), pictures.CLEAN, 1))
    licence = Document(type="DRIVERS_LICENSE", country="USA", subdivision="CA", primaryIdentifier="D1234567")
    result = await answered(Means({}, blobs, reader=reader), licence.model_copy(update={"attachments": attachments}))
    assert (result.outcome.result, codes(result)) == (StepResultCode.PASS, ["DOCUMENT_VERIFIED"])


@pytest.mark.parametrize(
    ("content", "code"), [(b"\x89PNG\r\n\x1a\nno more", "PICTURE_REFUSED"), (None, "MRZ_UNREADABLE")]
)
async def test_a_picture_that_says_nothing(tmp_path: Path, reader: Reader, content: bytes | None, code: str) -> None:
    blobs = Directory(tmp_path)
    blank = content or saved(np.full((400, 600), 200, np.uint8))
    result = await answered(Means({}, blobs, reader=reader), passport(None, attachments=await kept(blobs, blank)))
    assert result.outcome.result is StepResultCode.MISSING_DATA
    assert code in codes(result)


async def test_a_picture_that_is_not_kept(tmp_path: Path, reader: Reader) -> None:
    gone = Attachment(sha256="0" * 64, mediaType="image/png", size=9)
    result = await answered(Means({}, Directory(tmp_path), reader=reader), passport(mrz(), attachments=[gone]))
    assert (result.outcome.result, codes(result)[0]) == (StepResultCode.MISSING_DATA, "PICTURE_REFUSED")


async def test_a_pdf_is_no_picture_to_be_read(tmp_path: Path, reader: Reader) -> None:
    blobs = Directory(tmp_path)
    pages = await kept(blobs, HARMLESS)
    alone = await answered(Means({}, blobs, reader=reader), passport(None, attachments=pages))
    beside = await answered(Means({}, blobs, reader=reader), passport(mrz(), attachments=pages))
    assert "PICTURE_REFUSED" not in codes(alone)
    assert (beside.outcome.result, codes(beside)) == (StepResultCode.PASS, ["DOCUMENT_VERIFIED"])


async def test_a_picture_that_takes_too_long_is_ended_and_the_next_one_is_read(tmp_path: Path) -> None:
    blobs, hasty = Directory(tmp_path), Reader(seconds=0.001)
    document = passport(None, attachments=await kept(blobs, page(mrz())))
    with pytest.raises(CheckFailed, match="a picture was not read within"):
        await answered(Means({}, blobs, reader=hasty), document)
    hasty._apart._seconds = 20
    assert (await answered(Means({}, blobs, reader=hasty), document)).outcome.result is StepResultCode.PASS
    hasty.close()


@pytest.mark.parametrize(
    ("face", "wanted", "result", "code"),
    [
        (None, "required", "UNCHECKED", "FACE_UNCHECKED"),
        (Faces(0.9, rates=None), "required", "UNCHECKED", "FACE_UNCHECKED"),
        (Faces(0.9), "required", "PASS", "DOCUMENT_VERIFIED"),
        (Faces(0.1), "required", "FAIL", "FACE_MISMATCH"),
        (None, "optional", "PASS", "DOCUMENT_VERIFIED"),
    ],
)
async def test_faces(tmp_path: Path, reader: Reader, face: Faces | None, wanted: str, result: str, code: str) -> None:
    blobs = Directory(tmp_path)
    shown, own = page(mrz()), saved(np.full((200, 200), 90, np.uint8))
    documents = (
        passport(mrz(), attachments=await kept(blobs, shown)),
        Document(type="SELF_IMAGE", country="AUS", attachments=await kept(blobs, own)),
    )
    came = await answered(Means({}, blobs, face=face, reader=reader), *documents, faceComparison=wanted)
    assert (came.outcome.result, codes(came)[0]) == (result, code)


async def test_without_both_pictures_nothing_is_compared(tmp_path: Path) -> None:
    came = await answered(Means({}, Directory(tmp_path), face=Faces(0.9)), passport(mrz()), faceComparison="required")
    assert came.outcome.reasons[0].message == "the faces were not compared: no picture of the document was given"
