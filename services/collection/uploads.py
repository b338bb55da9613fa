"""Pictures on their way: in parts that go on where the connection broke, or as an ordinary form; and shown again."""

import asyncio
import fcntl
import os
import secrets
from contextlib import suppress
from pathlib import Path as File
from typing import BinaryIO

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from pydantic import BaseModel
from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect

from libs.blobs.port import NoBlob
from services.collection import links, showing, store
from services.collection.collected import RECEIVED, TAKEN, Collected
from services.collection.facts import facts, slots
from services.collection.pages import SEE_OTHER, Id, theirs
from services.collection.parts import Parts, PartsOf
from services.collection.policy import SELFIE
from services.collection.store import Upload

router = APIRouter(include_in_schema=False)

OFFSET = "Upload-Offset"
# Bytes that are written in one go, and seconds that a form waits for its picture to be checked.
PART, WAIT_SECONDS, LOOK_SECONDS = 1 << 18, 8.0, 0.1


class Announced(BaseModel):
    """A picture that is to be sent: for which slot, how many bytes."""

    slot: str
    length: int


@router.post("/a/{id}/uploads")
async def begin(request: Request, parts: PartsOf, id: Id, announced: Announced) -> Response:
    """Where the parts of a picture are to be sent."""
    one = await theirs(request, parts, id)
    if not 0 < announced.length <= parts.policy.quality(announced.slot).bytes:
        raise HTTPException(413)
    upload = await _begun(parts, one, announced.slot, announced.length)
    return JSONResponse({"upload": upload.upload_id}, 201)


@router.head("/a/{id}/uploads/{upload_id}")
async def far(request: Request, parts: PartsOf, id: Id, upload_id: Id) -> Response:
    """How many bytes have come."""
    upload = await _upload(request, parts, id, upload_id)
    return Response(headers={OFFSET: str(await asyncio.to_thread(_size, parts.working.file(upload.upload_id)))})


@router.patch("/a/{id}/uploads/{upload_id}")
async def go_on(request: Request, parts: PartsOf, id: Id, upload_id: Id) -> Response:
    """The next bytes, from the offset on that the request names; 409 where that is not how many have come."""
    upload = await _upload(request, parts, id, upload_id)
    come = await _written(request, parts.working.file(upload_id), upload.length)
    if come == upload.length:
        await _received(parts, id, upload)
    return Response(status_code=204, headers={OFFSET: str(come)})


@router.post("/a/{id}/pictures/{slot}")
async def send(request: Request, parts: PartsOf, id: Id, slot: str) -> Response:
    """A picture as an ordinary form sends it."""
    one = await theirs(request, parts, id)
    async with request.form() as form:
        sent = form.get("file")
        if not isinstance(sent, UploadFile) or sent.size is None:
            raise HTTPException(422)
        if sent.size > parts.policy.quality(slot).bytes:
            raise HTTPException(413)
        upload = await _begun(parts, one, slot, sent.size)
        await asyncio.to_thread(_copied, sent.file, parts.working.file(upload.upload_id))
    await _received(parts, id, upload)
    await _checked(parts, id, upload.upload_id)
    return RedirectResponse(f"/a/{id}/at/{'selfie' if slot == SELFIE else 'document_photo'}", SEE_OTHER)


@router.get("/a/{id}/pictures/{picture_id}")
async def picture(request: Request, parts: PartsOf, id: Id, picture_id: Id) -> Response:
    """A picture that was taken, to the applicant who sent it."""
    links.require(request, id, parts.policy.link_days)
    async with parts.engine.connect() as connection:
        found = await store.picture(connection, id, picture_id)
    if found is None or found.status != TAKEN:
        raise HTTPException(404)
    try:
        content = await parts.blobs.get(found.sha256)
    except NoBlob:
        raise HTTPException(404) from None
    return Response(content, media_type=found.media_type, headers={"Content-Security-Policy": "sandbox"})


@router.get("/a/{id}/pictures/{picture_id}/state")
async def state(request: Request, parts: PartsOf, id: Id, picture_id: Id) -> Response:
    """Whether a picture was taken, or why not."""
    links.require(request, id, parts.policy.link_days)
    async with parts.engine.connect() as connection:
        found = await store.picture(connection, id, picture_id)
    if found is None:
        raise HTTPException(404)
    return JSONResponse(showing.picture_state(parts, showing.texts(request, parts), found))


@router.get("/a/{id}/readings")
async def readings(request: Request, parts: PartsOf, id: Id) -> Response:
    """What the pictures of each document say, as far as they were read."""
    one = await theirs(request, parts, id)
    t = showing.texts(request, parts)
    told = {}
    for document in one.chosen:
        said = showing.read(parts, one, document)
        told[document["type"]] = {
            "state": said.state,
            "text": t(f"document_review.{said.state}"),
            "fields": showing.prefilled(said),
        }
    return JSONResponse(told)


async def _begun(parts: Parts, one: Collected, slot: str, length: int) -> Upload:
    """Raises HTTPException for a picture that is not asked for, and for one too many."""
    if "open" not in facts(one, parts.policy) or slot not in slots(one, parts.policy):
        raise HTTPException(409)
    upload = Upload(secrets.token_urlsafe(16), one.round, slot, length)
    async with parts.engine.begin() as connection:
        if await store.sent(connection, one) >= parts.policy.pictures_in_a_round:
            raise HTTPException(429)
        await store.begin_upload(connection, one.collection_id, upload, parts.clock())
    return upload


async def _upload(request: Request, parts: Parts, id: str, upload_id: str) -> Upload:
    links.require(request, id, parts.policy.link_days)
    async with parts.engine.connect() as connection:
        found = await store.upload(connection, id, upload_id)
    if found is None:
        raise HTTPException(404)
    return found


async def _received(parts: Parts, id: str, upload: Upload) -> None:
    async with parts.engine.begin() as connection:
        await store.receive(connection, id, upload.upload_id, upload.round, upload.slot, parts.clock())
        await store.end_upload(connection, upload.upload_id)
    parts.working.wake()


async def _checked(parts: Parts, id: str, picture_id: str) -> None:
    """Wait a little for a picture to be checked; where it takes longer the page says so."""
    for _ in range(round(WAIT_SECONDS / LOOK_SECONDS)):
        async with parts.engine.connect() as connection:
            found = await store.picture(connection, id, picture_id)
        if found is None or found.status != RECEIVED:
            return
        await asyncio.sleep(LOOK_SECONDS)


async def _written(request: Request, file: File, length: int) -> int:
    """Append what the request brings, as far as it comes; how many bytes there are then."""
    target = await asyncio.to_thread(_opened, file)
    try:
        come = await asyncio.to_thread(target.seek, 0, os.SEEK_END)
        if request.headers.get(OFFSET) != str(come):
            raise HTTPException(409)
        part = bytearray()
        with suppress(ClientDisconnect):  # what has come stays, and the applicant goes on from there
            async for piece in request.stream():
                part += piece
                if come + len(part) > length:
                    raise HTTPException(413)
                if len(part) >= PART:
                    come += await asyncio.to_thread(target.write, part)
                    part = bytearray()
        return come + await asyncio.to_thread(target.write, part)
    finally:
        await asyncio.to_thread(target.close)


def _opened(file: File) -> BinaryIO:
    """The file to append to; raises HTTPException where another request is doing that."""
    file.parent.mkdir(parents=True, exist_ok=True)
    target = file.open("ab", buffering=0)
    try:
        fcntl.flock(target, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        target.close()
        raise HTTPException(409) from None
    return target


def _size(file: File) -> int:
    return file.stat().st_size if file.exists() else 0


def _copied(source: BinaryIO, file: File) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as target:
        while part := source.read(PART):
            target.write(part)
