"""Collections in PostgreSQL: loaded whole, saved where nobody else was faster."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.collection.collected import Collected, Picture

# How long somebody has for a picture before another one tries.
CLAIM = timedelta(seconds=180)

_LOAD = """
    SELECT c.*,
        ARRAY(SELECT DISTINCT s.consent FROM consents s
              WHERE s.collection_id = c.collection_id AND s.withdrawn_at IS NULL ORDER BY 1) AS given,
        ARRAY(SELECT to_jsonb(p) FROM pictures p WHERE p.collection_id = c.collection_id ORDER BY p.number) AS taken
    FROM collections c WHERE {} {}"""
_BY_ID = text(_LOAD.format("c.collection_id = :id", ""))
_BY_ID_LOCKED = text(_LOAD.format("c.collection_id = :id", "FOR NO KEY UPDATE OF c"))
_BY_PERSON_LOCKED = text(_LOAD.format("(c.customer_id, c.entity_id) = (:customer, :entity)", "FOR NO KEY UPDATE OF c"))
_CREATE = text("""
    INSERT INTO collections (collection_id, customer_id, entity_id, state, status, round, version, entity_version,
        details, documents, asked, case_sequence, created_at, changed_at)
    VALUES (:id, :customer, :entity, :state, :status, 1, 1, 0, '{}', '[]', '[]', 0, :now, :now)""")
_SAVE = text("""
    UPDATE collections SET state = :state, status = :status, round = :round, version = version + 1,
        entity_version = :entity_version, details = CAST(:details AS jsonb), documents = CAST(:documents AS jsonb),
        asked = CAST(:asked AS jsonb), case_id = :case_id, case_sequence = :case_sequence, message = :message,
        due_at = :due_at, changed_at = :now
    WHERE collection_id = :id AND version = :version RETURNING version""")
_CONSENT = text("""
    INSERT INTO consents (collection_id, consent, version, given_at, language, text)
    SELECT :id, :consent, :version, :now, :language, :text
    WHERE NOT EXISTS (SELECT FROM consents WHERE collection_id = :id AND consent = :consent AND version = :version
                      AND withdrawn_at IS NULL)""")
_WITHDRAW = text("""
    UPDATE consents SET withdrawn_at = :now
    WHERE collection_id = :id AND consent = :consent AND withdrawn_at IS NULL""")
_STANDING = text("SELECT status, case_sequence FROM collections WHERE collection_id = :id")
_RECEIVE = text("""
    INSERT INTO pictures (picture_id, collection_id, round, slot, status, problem, sha256, media_type, size, width,
        height, to_read, tries, received_at)
    VALUES (:picture, :id, :round, :slot, 'RECEIVED', '', '', '', 0, 0, 0, false, 0, :now)
    ON CONFLICT DO NOTHING""")
_PICTURE = text("SELECT to_jsonb(p) FROM pictures p WHERE collection_id = :id AND picture_id = :picture")
_CLAIM_CHECK = text("""
    UPDATE pictures SET claimed_until = :until, tries = tries + 1 WHERE picture_id = (
        SELECT picture_id FROM pictures
        WHERE status = 'RECEIVED' AND (claimed_until IS NULL OR claimed_until < :now)
        ORDER BY number LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING picture_id, slot, tries""")
_CLAIM_READING = text("""
    UPDATE pictures SET claimed_until = :until WHERE picture_id = (
        SELECT picture_id FROM pictures
        WHERE to_read AND (claimed_until IS NULL OR claimed_until < :now)
        ORDER BY number LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING picture_id, sha256""")
_CHECKED = text("""
    UPDATE pictures SET status = :status, problem = :problem, sha256 = :sha256, media_type = :media_type, size = :size,
        width = :width, height = :height, brightness = :brightness, sharpness = :sharpness, to_read = :to_read,
        claimed_until = NULL
    WHERE picture_id = :picture""")
_RELEASE = text("UPDATE pictures SET claimed_until = NULL WHERE picture_id = :picture")
_READ = text("""
    UPDATE pictures SET reading = CAST(:reading AS jsonb), to_read = false, claimed_until = NULL
    WHERE picture_id = :picture""")
_BEGIN = text("""
    INSERT INTO uploads (upload_id, collection_id, round, slot, length, begun_at)
    VALUES (:upload, :id, :round, :slot, :length, :now)""")
_UPLOAD = text("SELECT * FROM uploads WHERE upload_id = :upload AND collection_id = :id")
_END = text("DELETE FROM uploads WHERE upload_id = :upload")
_FORGET = text("DELETE FROM uploads WHERE begun_at < :before RETURNING upload_id")
_SENT = text("""
    SELECT (SELECT count(*) FROM uploads WHERE collection_id = :id AND round = :round)
         + (SELECT count(*) FROM pictures WHERE collection_id = :id AND round = :round)""")


class Overtaken(Exception):
    """Somebody else has saved the collection meanwhile."""


class Upload(NamedTuple):
    """A picture that is being sent; `length` in bytes."""

    upload_id: str
    round: int
    slot: str
    length: int


class Claimed(NamedTuple):
    """A picture that is to be worked on; `of`: its slot, or the name of its file; `tries`: this one counted."""

    picture_id: str
    of: str
    tries: int = 1


async def create(connection: AsyncConnection, one: Collected) -> None:
    """A new collection; raises IntegrityError where the person has one."""
    await connection.execute(
        _CREATE,
        {
            "id": one.collection_id, "customer": one.customer_id, "entity": one.entity_id, "state": one.state,
            "status": one.status, "now": one.created_at,
        },
    )  # fmt: skip


async def load(connection: AsyncConnection, id: str, *, lock: bool = False) -> Collected | None:
    """A collection by its id."""
    row = (await connection.execute(_BY_ID_LOCKED if lock else _BY_ID, {"id": id})).mappings().first()
    return _collected(dict(row)) if row else None


async def load_of(connection: AsyncConnection, customer: str, entity: str) -> Collected | None:
    """The collection of a person, locked."""
    found = await connection.execute(_BY_PERSON_LOCKED, {"customer": customer, "entity": entity})
    row = found.mappings().first()
    return _collected(dict(row)) if row else None


async def save(connection: AsyncConnection, one: Collected, now: datetime) -> None:
    """The collection as it is from now on, but for consents and pictures; raises Overtaken."""
    found = await connection.execute(
        _SAVE,
        {
            "id": one.collection_id, "version": one.version, "state": one.state, "status": one.status,
            "round": one.round, "entity_version": one.entity_version, "details": _json(one.details),
            "documents": _json(one.documents), "asked": _json(one.asked), "case_id": one.case_id,
            "case_sequence": one.case_sequence, "message": one.message, "due_at": one.due_at, "now": now,
        },
    )  # fmt: skip
    version = found.scalar()
    if version is None:
        raise Overtaken(one.collection_id)
    one.version = version


async def consent(
    connection: AsyncConnection, id: str, name: str, version: str, language: str, words: str, now: datetime
) -> None:
    """Keep that a consent was given, once for a version of its text."""
    given = {"id": id, "consent": name, "version": version, "language": language, "text": words, "now": now}
    await connection.execute(_CONSENT, given)


async def withdraw(connection: AsyncConnection, id: str, name: str, now: datetime) -> None:
    """Keep that a consent was taken back."""
    await connection.execute(_WITHDRAW, {"id": id, "consent": name, "now": now})


async def standing(connection: AsyncConnection, id: str) -> tuple[str, int] | None:
    """The status of a collection, and how far its case was heard of."""
    row = (await connection.execute(_STANDING, {"id": id})).first()
    return (row.status, row.case_sequence) if row else None


async def receive(connection: AsyncConnection, id: str, picture_id: str, round: int, slot: str, now: datetime) -> None:
    """A picture has come whole, and is to be checked."""
    await connection.execute(_RECEIVE, {"id": id, "picture": picture_id, "round": round, "slot": slot, "now": now})


async def picture(connection: AsyncConnection, id: str, picture_id: str) -> Picture | None:
    """One picture of a collection."""
    found = (await connection.execute(_PICTURE, {"id": id, "picture": picture_id})).scalar()
    return _picture(found) if found else None


async def claim_check(connection: AsyncConnection, now: datetime) -> Claimed | None:
    """The next picture to be checked."""
    row = (await connection.execute(_CLAIM_CHECK, {"now": now, "until": now + CLAIM})).first()
    return Claimed(row.picture_id, row.slot, row.tries) if row else None


async def claim_reading(connection: AsyncConnection, now: datetime) -> Claimed | None:
    """The next picture to be read."""
    row = (await connection.execute(_CLAIM_READING, {"now": now, "until": now + CLAIM})).first()
    return Claimed(row.picture_id, row.sha256) if row else None


async def checked(
    connection: AsyncConnection,
    one: Picture,
    brightness: float | None,
    sharpness: float | None,
    to_read: bool,
) -> None:
    """What came of checking a picture."""
    await connection.execute(
        _CHECKED,
        {
            "picture": one.picture_id, "status": one.status, "problem": one.problem, "sha256": one.sha256,
            "media_type": one.media_type, "size": one.size, "width": one.width, "height": one.height,
            "brightness": brightness, "sharpness": sharpness, "to_read": to_read,
        },
    )  # fmt: skip


async def release(connection: AsyncConnection, picture_id: str) -> None:
    """Let somebody else try."""
    await connection.execute(_RELEASE, {"picture": picture_id})


async def keep_reading(connection: AsyncConnection, picture_id: str, reading: dict[str, Any]) -> None:
    """What a picture says."""
    await connection.execute(_READ, {"picture": picture_id, "reading": _json(reading)})


async def begin_upload(connection: AsyncConnection, id: str, upload: Upload, now: datetime) -> None:
    """A picture is going to be sent."""
    await connection.execute(_BEGIN, {"id": id, "now": now, **upload._asdict(), "upload": upload.upload_id})


async def upload(connection: AsyncConnection, id: str, upload_id: str) -> Upload | None:
    """A picture that is being sent, of this collection."""
    row = (await connection.execute(_UPLOAD, {"id": id, "upload": upload_id})).first()
    return Upload(row.upload_id, row.round, row.slot, row.length) if row else None


async def end_upload(connection: AsyncConnection, upload_id: str) -> None:
    """Nothing more is to come."""
    await connection.execute(_END, {"upload": upload_id})


async def forget_uploads(connection: AsyncConnection, before: datetime) -> Sequence[str]:
    """Give up on what was begun before a time and never ended; returns their ids."""
    return list((await connection.execute(_FORGET, {"before": before})).scalars())


async def sent(connection: AsyncConnection, one: Collected) -> int:
    """How many pictures were sent, or begun to be, in this round."""
    return int((await connection.execute(_SENT, {"id": one.collection_id, "round": one.round})).scalar_one())


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


def _collected(row: dict[str, Any]) -> Collected:
    consents, pictures = row.pop("given"), row.pop("taken")
    row.pop("changed_at")
    return Collected(**row, consents=consents, pictures=[_picture(one) for one in pictures])


def _picture(row: dict[str, Any]) -> Picture:
    return Picture(**{name: row[name] for name in Picture.__dataclass_fields__})
