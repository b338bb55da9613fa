"""Links that are made from a command line."""

import httpx
import pytest

from libs.streaming.memory import MemoryBroker
from services.collection.running import link, parts_of
from services.collection.settings import CollectionSettings
from tests.services.collection.conftest import Face


async def test_a_person_has_one_collection_whatever_the_number_of_links(face: Face) -> None:
    links = [await link(face.settings, entity) for entity in ("p-7", "p-7", "p-8")]
    async with httpx.AsyncClient() as http:
        opened = [await http.get(face.address + one.removeprefix(face.settings.address)) for one in links]
    first, again, other = (answer.headers["Location"] for answer in opened)
    assert first == again != other


def test_without_a_store_of_files_nothing_is_begun() -> None:
    with pytest.raises(ValueError, match="BLOBS_DIRECTORY names no folder"):
        parts_of(CollectionSettings(database_url="postgresql+asyncpg://x/y", blobs_directory=""), MemoryBroker())
