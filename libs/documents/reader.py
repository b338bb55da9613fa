"""Pictures are read in a process of their own: the loop stays free, and what takes too long or too much is ended."""

import asyncio
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from libs.documents.reading import NoPicture, Reading

# A picture takes well under a second; the first one waits for the model.
SECONDS = 20.0
MEMORY_BYTES = 3_000_000_000


class Unreadable(RuntimeError):
    """Reading a picture took too long, or ended the process that did; says which."""


class Reader:
    """Reads one picture at a time; the process is started with the first one, and again after one that ended it."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._alone = asyncio.Lock()
        self._process: tuple[BaseProcess, Connection] | None = None

    async def read(self, data: bytes) -> Reading:
        """What a picture says; raises NoPicture, and Unreadable where it cannot be read in time."""
        async with self._alone:
            asked = asyncio.create_task(asyncio.to_thread(self._ask, data))
            try:
                answer = await asyncio.shield(asked)
            except asyncio.CancelledError:
                self.close()  # its thread then ends at once
                await asyncio.wait([asked])
                raise
        if isinstance(answer, NoPicture):
            raise answer
        return answer

    def close(self) -> None:
        """End the process."""
        if self._process:
            self._process[0].kill()
            self._process = None

    def _ask(self, data: bytes) -> Reading | NoPicture:
        process, pipe = self._process = self._process or _started()
        try:
            pipe.send_bytes(data)
            if pipe.poll(self._seconds):
                answer: Reading | NoPicture = pipe.recv()
                return answer
            cause = f"a picture was not read within {self._seconds:g} s"
        except (EOFError, OSError):
            cause = "reading a picture ended the process that did"
        self.close()
        process.join()
        raise Unreadable(cause)


def _started() -> tuple[BaseProcess, Connection]:
    context = get_context("spawn")
    own, its = context.Pipe()
    process = context.Process(target=_serve, args=(its,), daemon=True, name="document-reader")
    process.start()
    its.close()
    return process, own


def _serve(pipe: Connection) -> None:
    """Answer pictures until nobody asks any more."""
    import resource

    from libs.documents.scanning import read

    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
    while True:
        try:
            data = pipe.recv_bytes()
        except EOFError:
            return
        try:
            pipe.send(read(data))
        except NoPicture as refused:
            pipe.send(refused)
