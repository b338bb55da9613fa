"""Pictures of documents, by reference from the producer's event to the step's result."""

import random
from pathlib import Path

from libs.blobs.directory import Directory
from libs.documents.making import make_mrz
from libs.embedded.database import RunningDatabase
from libs.events.message import Event
from libs.events.models import Attachment, Document
from tests.factory import onboarded, person
from tests.flows.system import System, execution_of
from tests.flows.test_onboarding import outcome, steps
from tests.libs.documents import pictures

ZONE = make_mrz(
    issuer="AUS", number="N1234567", familyName="Citizen", givenNames="Jane", birth="1990-04-05", expiry="2031-05-20"
)


async def holder(entity: str, blobs: Directory, given: str = "Jane") -> Event:
    """A person is taken on with a picture of Jane Citizen's passport."""
    drawn = pictures.drawn(random.Random(3), ZONE, "TD3", 200)
    kept = await blobs.put(pictures.photographed(drawn, pictures.CLEAN, 3))
    picture = Attachment(sha256=kept.sha256, mediaType=kept.mediaType, size=kept.size)
    passport = Document(type="PASSPORT", country="AUS", primaryIdentifier="N1234567", attachments=[picture])
    return onboarded(entity, individual=person(given, documents=[passport]))


async def test_a_picture_is_read_and_its_number_is_one_persons(
    embedded_database: RunningDatabase, tmp_path: Path
) -> None:
    blobs = Directory(tmp_path)
    async with System(embedded_database, blobs_directory=str(tmp_path)) as system:
        first, second = await holder("p1", blobs), await holder("p2", blobs, given="Margaret")
        for event in (first, second):
            await system.publish(event)
            await system.settle()
        assert steps(system, first)["IDV"] == "PASS"
        assert steps(system, second)["IDV"] == "PARTIAL"
        reasons = [
            reason.code
            for chapter in system.story(execution_of(second))
            for result in chapter.accepted
            for reason in result.outcome.reasons
        ]
        assert {"DOCUMENT_USED_BY_ANOTHER", "DOCUMENT_NAME_UNCONFIRMED"} <= {*reasons}
        assert (await outcome(system, second))[1] in ("REVIEW", "FAIL")
