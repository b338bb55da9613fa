"""The check `idv`: pictures are fetched and read, uses of documents noted, and the rules asked."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from libs.blobs.directory import Directory
from libs.blobs.media import PDF
from libs.blobs.port import Blobs, NoBlob
from libs.documents.apart import Unreadable
from libs.documents.reader import Reader
from libs.documents.reading import NoPicture, Reading
from libs.events.models import CheckRequested, Document, Individual, StepResult
from libs.store.engine import connect
from libs.streaming.check import Check, CheckFailed
from libs.streaming.settings import Settings
from services.idv.face import SETTING, Compared, FaceComparison, compare
from services.idv.numbers import Forms, forms
from services.idv.rules import verify
from services.idv.seen import Seen
from services.idv.uses import Uses

NUMBERS = Path(__file__).parent / "data" / "document_numbers.csv"
SELF_IMAGE = "SELF_IMAGE"
# Requests under way together; their pictures are read one after another.
AT_ONCE = 8
TIMEOUT = timedelta(seconds=60)


@dataclass(slots=True)
class Means:
    """What the check uses; without a store of files no picture is read, without a database no use is noted."""

    forms: Forms
    blobs: Blobs | None = None
    uses: Uses | None = None
    face: FaceComparison | None = None
    reader: Reader = field(default_factory=Reader)


def check() -> Check:
    """The check of the documents of a person, with the means that the environment names."""
    return check_with(means_of(Settings()))


def means_of(settings: Settings) -> Means:
    """A store of files and a database, where the settings name them."""
    with NUMBERS.open(encoding="utf-8", newline="") as table:
        means = Means(forms(csv.DictReader(table)))
    if settings.blobs_directory:
        means.blobs = Directory(Path(settings.blobs_directory))
    if settings.database_url:
        means.uses = Uses(connect(settings.database_url))
    return means


def check_with(means: Means) -> Check:
    """The check with means of one's own."""

    async def answer(request: CheckRequested, now: datetime) -> StepResult:
        try:
            return verify(request, now, await _look(request, means))
        except (OSError, DBAPIError) as problem:
            raise CheckFailed("Check.SourceUnavailable", f"idv: {type(problem).__name__}") from problem
        except Unreadable as problem:
            raise CheckFailed("Check.PictureUnreadable", str(problem)) from problem

    return Check(name="idv", answer=answer, timeout=TIMEOUT, at_once=AT_ONCE)


async def _look(request: CheckRequested, means: Means) -> Seen:
    """Everything that takes more than the request to know."""
    readings: dict[str, Reading] = {}
    refused: dict[str, str] = {}
    for name in _names(request.individual.documents):
        try:
            readings[name] = await means.reader.read(await _fetched(name, means.blobs))
        except (NoPicture, NoBlob) as problem:
            refused[name] = str(problem)
    used = await means.uses.by_others(request) if means.uses else frozenset[int]()
    face = await _face(request.individual, means) if SETTING in request.settings else None
    return Seen(means.forms, readings, refused, used, face)


def _names(documents: list[Document]) -> Iterator[str]:
    """Every picture of a document once; a person's own is none of a document, and a PDF is none."""
    of_documents = (one for document in documents if document.type != SELF_IMAGE for one in document.attachments)
    pictures = (one.sha256 for one in of_documents if one.mediaType != PDF)
    yield from dict.fromkeys(pictures)


async def _fetched(name: str, blobs: Blobs | None) -> bytes:
    if blobs is None:
        raise NoBlob("no store of pictures is configured")
    return await blobs.get(name)


async def _face(person: Individual, means: Means) -> Compared:
    """The first picture of the person against the first of a document."""
    if means.face is None:
        return await compare(None, None, None)
    portraits = [one for document in person.documents if document.type != SELF_IMAGE for one in document.attachments]
    selfies = [one for document in person.documents if document.type == SELF_IMAGE for one in document.attachments]
    try:
        found = [
            await _fetched(several[0].sha256, means.blobs) if several else None for several in (portraits, selfies)
        ]
    except NoBlob as problem:
        return Compared(None, str(problem))
    return await compare(means.face, *found)
