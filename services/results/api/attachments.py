"""The files of documents: taken from what a caller sends, and put into what is answered."""

import base64
import binascii
import re
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from typing import Annotated, Any, Literal, TypeAlias

from fastapi import Query

from libs.blobs.harmless import checked
from libs.blobs.port import FILES, MAX_BYTES, STATEMENTS, Blobs, NoBlob, Reference, Refused, reference
from services.results.api.problems import Detail, Problem, place
from services.results.merging import Place
from services.results.person import KEPT

Json: TypeAlias = dict[str, Any]
Level = Annotated[
    Literal["meta", "base64"], Query(description="meta: attachments without their files; base64: with them.")
]
AnyLevel = Annotated[
    Literal["id", "meta", "base64"],
    Query(description="id: nothing but ids; meta: attachments without their files; base64: with them."),
]

# data:image/jpeg;base64,…
DATA_URI = re.compile(r"data:[^,]{0,200};base64,")


def taken(individual: Any, known: Json, in_body: Callable[[Place], Place]) -> tuple[Any, list[bytes]]:
    """What a caller sent with each file replaced by its name, and the files; raises Problem with the place.

    A file that is named must be one of the person's: `known` is what is known of them.
    """
    after = deepcopy(individual)
    theirs = {one["data"]["uri"]: one for _, one in attachments(known)}
    files: list[bytes] = []
    for at, one in attachments(after):
        if isinstance(data := one.get("data"), dict):
            where = place(("body", *in_body((*at, "data"))))
            if data.get("uri") in theirs and "base64" not in data:
                kept = theirs[data["uri"]]
                one["data"], one["mimeType"] = kept["data"], kept["mimeType"]
            elif (content := _content(data, where)) is not None:
                named = _reference(content, where)
                one["data"] = {"uri": f"{KEPT}{named.sha256}", "size": named.size}
                one["mimeType"] = named.mediaType
                files.append(content)
    return after, files


def attachments(individual: Any) -> Iterator[tuple[Place, Json]]:
    """Every attachment with its place, in a person of whatever form."""
    documents = individual.get("documents") if isinstance(individual, dict) else None
    for group, several in documents.items() if isinstance(documents, dict) else ():
        for number, document in enumerate(several if isinstance(several, list) else ()):
            own = document.get("attachments") if isinstance(document, dict) else None
            for at, one in enumerate(own if isinstance(own, list) else ()):
                if isinstance(one, dict):
                    yield ("documents", group, number, "attachments", at), one


def _content(data: Mapping[str, Any], where: str) -> bytes | None:
    """The bytes that were sent; None where it is for the form of the person to say what is wrong."""
    given, uri = data.get("base64"), data.get("uri")
    if isinstance(uri, str) and given is None:
        if not (found := DATA_URI.match(uri)):
            raise _refused("a uri is a data: URI in base64; no file is fetched from elsewhere", where)
        given = uri[found.end() :]
    if not isinstance(given, str) or (uri is not None and data.get("base64") is not None):
        return None
    return decoded(given, where)


def decoded(given: str, where: str) -> bytes:
    """A file that was sent in base64; raises Problem with the place."""
    if len(given) > MAX_BYTES * 4 // 3 + 1_000_000:
        raise _refused(f"the file has more than {MAX_BYTES:,} bytes", where)
    try:
        return base64.b64decode("".join(given.split()), validate=True)
    except (binascii.Error, ValueError):
        raise _refused("is not base64", where) from None


def _reference(content: bytes, where: str) -> Reference:
    try:
        checked(content)
        return reference(content)
    except Refused as refused:
        raise _refused(str(refused), where) from None


def statement(content: bytes, where: str) -> Reference:
    """What a file of an application is kept as; raises Problem with the place. It is shown to nobody as it is."""
    try:
        kept = reference(content, STATEMENTS)
        if kept.mediaType in FILES:
            checked(content)
    except Refused as refused:
        raise _refused(str(refused), where) from None
    return kept


def _refused(text: str, where: str) -> Problem:
    return Problem(422, "INVALID_REQUEST", f"{where}: {text}", [Detail(text, where, "INVALID")])


async def keep(blobs: Blobs | None, files: list[bytes], kinds: frozenset[str] = FILES) -> None:
    """Keep the files; raises Problem where there is no store."""
    if files and blobs is None:
        raise Problem(503, "UNAVAILABLE", "attachments cannot be kept: no store of files is configured")
    for content in files:
        assert blobs is not None
        await blobs.put(content, kinds)


async def at_level(blobs: Blobs | None, individual: Json, level: str) -> Json:
    """A person as they are answered: their files named, or with them."""
    if level == "id":
        return {"entityId": individual["entityId"]}
    after = deepcopy(individual)
    for _, one in attachments(after):
        await _answered(blobs, one, level)
    return after


async def _answered(blobs: Blobs | None, attachment: Json, level: str) -> None:
    """A file that is not there is told as FAILED."""
    name = attachment["data"]["uri"]
    attachment["data"] = {"uri": name}
    if level == "base64":
        try:
            if blobs is None:
                raise NoBlob("no store of files is configured")
            content = await blobs.get(name.removeprefix(KEPT))
            attachment["data"] = {"base64": base64.b64encode(content).decode()}
        except NoBlob:
            attachment["retrievalStatus"] = "FAILED"
