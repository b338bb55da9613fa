"""Files kept in a directory that those who write and those who read share."""

import asyncio
import os
from hashlib import sha256 as hash_of
from pathlib import Path
from tempfile import NamedTemporaryFile

from libs.blobs.port import FILES, MAX_BYTES, NAME, NoBlob, Reference, reference


class Directory:
    """A store of files, `ab/abcd…` for a SHA-256 that begins so; a file is there whole or not at all."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def put(self, data: bytes, kinds: frozenset[str] = FILES) -> Reference:
        """Keep a file; raises Refused."""
        known = reference(data, kinds)
        await asyncio.to_thread(self._write, self._path(known.sha256), data)
        return known

    async def get(self, sha256: str) -> bytes:
        """The file of this name; raises NoBlob."""
        if not NAME.fullmatch(sha256):
            raise NoBlob("a file is named by 64 lower-case hexadecimal digits")
        data = await asyncio.to_thread(self._read, self._path(sha256))
        if hash_of(data).hexdigest() != sha256:
            raise NoBlob(f"the file {sha256[:12]}… is not what it was")
        return data

    async def remove(self, sha256: str) -> None:
        """Keep the file of this name no more; one that is not there is none."""
        if NAME.fullmatch(sha256):
            await asyncio.to_thread(self._path(sha256).unlink, missing_ok=True)

    def _path(self, sha256: str) -> Path:
        return self._root / sha256[:2] / sha256

    def _write(self, path: Path, data: bytes) -> None:
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, delete=False) as part:
            part.write(data)
            part.flush()
            os.fsync(part.fileno())
        os.replace(part.name, path)

    def _read(self, path: Path) -> bytes:
        try:
            with path.open("rb") as file:
                return file.read(MAX_BYTES + 1)
        except FileNotFoundError:
            raise NoBlob(f"no file {path.name[:12]}… is kept") from None
