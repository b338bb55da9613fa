"""Who was deleted is removed once their records need not be kept, with their pictures, and stays removed."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from libs.blobs.directory import Directory
from services.results import rebuild, tables
from services.results.purging import command
from services.results.store import quoted
from tests.services.results.api.test_documents import added, data, picture
from tests.services.results.conftest import Projection

ALL = "/v2/individuals"
OWN, SHARED = picture("PNG"), picture("JPEG")
LATER = datetime.now(UTC) + timedelta(days=366 * 11)


@pytest.fixture
async def deleted(api: httpx.AsyncClient, projection: Projection) -> AsyncIterator[Projection]:
    """e1 was screened and deleted; e2, who has one of their pictures, was not."""
    for entity in ("e1", "e2"):
        person = {"entityId": entity, "name": {"familyName": "Nkemelu"}, "nationality": "GBR"}
        assert (await api.post(ALL, json={"individual": person})).status_code == 201
        files = [OWN, SHARED] if entity == "e1" else [SHARED]
        await added(api, f"{ALL}/{entity}/documents", *({"side": "FRONT", "data": data(one)} for one in files))
        executed = await api.post(f"{ALL}/{entity}/serviceprofiles/KYC/workflows/Standard/execute")
        assert executed.status_code == 200
    assert (await api.delete(f"{ALL}/e1")).status_code == 200
    yield projection
    async with projection.engine.begin() as connection:
        await connection.execute(text("DELETE FROM purged_persons"))


async def purge(projection: Projection, folder: Path, now: datetime, *, dry_run: bool = False) -> list[Any]:
    said: list[str] = []
    how = {"by": "ana", "dry_run": dry_run, "schema": projection.schema, "say": said.append}
    assert await command.run(projection.engine, Directory(folder), now, **how) == len(said)  # type: ignore[arg-type]
    return [json.loads(line) for line in said]


async def rows_of(projection: Projection, schema: str, entity: str) -> set[str]:
    """The tables that have rows of a person."""
    found = set()
    async with projection.engine.connect() as connection:
        for table in tables.metadata.sorted_tables:
            if "entity_id" in table.c:
                statement = f"SELECT count(*) FROM {quoted(schema)}.{table.name} WHERE entity_id = :entity"
                if (await connection.execute(text(statement), {"entity": entity})).scalar_one():
                    found.add(table.name)
    return found


async def count(projection: Projection, table: str) -> int:
    async with projection.engine.connect() as connection:
        statement = text(f"SELECT count(*) FROM {quoted(projection.schema)}.{table}")
        return int((await connection.execute(statement)).scalar_one())


def is_kept(folder: Path, file: bytes) -> bool:
    name = sha256(file).hexdigest()
    return (folder / name[:2] / name).exists()


async def test_who_was_deleted_is_removed_when_their_period_has_ended(
    api: httpx.AsyncClient, deleted: Projection, tmp_path: Path
) -> None:
    assert await purge(deleted, tmp_path, datetime.now(UTC)) == []
    history = await count(deleted, "history")
    (told,) = await purge(deleted, tmp_path, LATER, dry_run=True)
    assert (told["customerId"], told["entityId"], told["files"]) == ("c1", "e1", 2)
    assert len(await rows_of(deleted, deleted.schema, "e1")) > 3

    (done,) = await purge(deleted, tmp_path, LATER)
    assert (done["entityId"], done["keptUntil"], done["rows"] > 5) == ("e1", told["keptUntil"], True)
    assert await rows_of(deleted, deleted.schema, "e1") == {"deleted_individuals"}
    assert await count(deleted, "history") == history / 2
    assert (is_kept(tmp_path, OWN), is_kept(tmp_path, SHARED)) == (False, True)
    assert (await api.get(f"{ALL}/e2")).status_code == 200
    assert (
        await api.post(ALL, json={"individual": {"entityId": "e1", "name": {"familyName": "X"}}})
    ).status_code == 409
    audited = (await api.get("/v2/audit", params={"types": "ENTITY_PURGE", "entityId": "e1"})).json()["auditEvents"]
    assert {(one["functionName"], one["username"], one["channel"]) for one in audited} == {
        *(("purge", "ana", "SYSTEM"), ("DELETE /v2/individuals/{entityId}", "officer", "API"))
    }
    assert await purge(deleted, tmp_path, LATER) == []

    rebuilt = f"{deleted.schema}_again"
    await rebuild.rebuild(deleted.engine, rebuild.of(deleted.broker), rebuilt)
    assert await rows_of(deleted, rebuilt, "e1") == {"deleted_individuals"}
    assert "individuals" in await rows_of(deleted, rebuilt, "e2")


async def test_without_the_folder_of_files_nothing_is_removed(deleted: Projection) -> None:
    with pytest.raises(command.NoBlobs, match="BLOBS_DIRECTORY"):
        await command.run(deleted.engine, None, LATER, by="ana", dry_run=False, schema=deleted.schema)
    assert "individuals" in await rows_of(deleted, deleted.schema, "e1")
