"""The files of an application, fetched and read."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

from libs.blobs.port import NoBlob
from libs.events.models import ApplicationFile, CheckRequested
from libs.streaming.check import CheckFailed
from services.prescreening.part import Means
from services.prescreening.statements.form import Refused

MAX_FILES = 120
Read = TypeVar("Read")


class Files(NamedTuple):
    """What was read, by file; and the files that were refused, with the reason."""

    read: Sequence[Any]
    refused: Sequence[tuple[str, str]]


def name_of(file: ApplicationFile) -> str:
    """What a file is called in evidence."""
    return file.fileId or file.sha256


async def files_of(
    request: CheckRequested, means: Means, kind: str, how: Callable[..., Sequence[Any]], *more: Any
) -> Files:
    """Everything that the files of a kind say. `how` is given the bytes, the name and the file's mapping, and `more`.

    Each content is read once. Raises CheckFailed without a store of files, and OSError where it cannot be reached.
    """
    application = request.application
    files = [file for file in application.files if file.kind == kind] if application else []
    if files and means.blobs is None:
        raise CheckFailed("Check.SourceUnavailable", "prescreening: no store of files is configured")
    read: list[Any] = []
    refused = [(name_of(file), f"it is one of more than {MAX_FILES} files") for file in files[MAX_FILES:]]
    for file in files[:MAX_FILES]:
        try:
            assert means.blobs is not None
            data = await means.blobs.get(file.sha256)
            read.extend(await means.reader.read(how, data, name_of(file), file.mapping, *more))
        except NoBlob as problem:
            refused.append((name_of(file), str(problem)))
        except Refused as problem:
            refused.append((name_of(file), ": ".join(filter(None, (problem.place, problem.reason)))))
    return Files(read, refused)
