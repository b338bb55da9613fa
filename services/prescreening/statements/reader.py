"""Files read in a process of its own: one that takes too long, or too much, ends that process and no other."""

import asyncio
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

from services.prescreening.statements.form import Refused

# Of ten million bytes the slowest form takes a few seconds.
SECONDS = 20.0
# The libraries are there well before, on a machine that is not overwhelmed.
SECONDS_TO_START = 60.0
MEMORY_BYTES = 1_500_000_000
Read = TypeVar("Read")


class Reader:
    """Reads one file at a time; the process is started with the first one, and again after one that ended it."""

    def __init__(self, seconds: float = SECONDS, memory_bytes: int = MEMORY_BYTES) -> None:
        self._seconds, self._memory_bytes = seconds, memory_bytes
        self._alone = asyncio.Lock()
        self._process: tuple[BaseProcess, Connection] | None = None
        self._ready = False

    async def read(self, how: Callable[..., Read], *given: Any) -> Read:
        """What a function of a module makes of files; raises Refused, also where it takes too long or too much."""
        async with self._alone:
            asked = asyncio.create_task(asyncio.to_thread(self._ask, how, given))
            try:
                answer = await asyncio.shield(asked)
            except asyncio.CancelledError:
                self.close()  # its thread then ends at once
                await asyncio.wait([asked])
                raise
        if isinstance(answer, Refused):
            raise answer
        return answer  # type: ignore[no-any-return]

    def close(self) -> None:
        """End the process."""
        if self._process:
            self._process[0].kill()
            self._process, self._ready = None, False

    def _ask(self, how: Callable[..., Any], given: tuple[Any, ...]) -> Any:
        process, pipe = self._process = self._process or _started(self._memory_bytes)
        try:
            if not self._ready and not (pipe.poll(SECONDS_TO_START) and pipe.recv()):
                raise EOFError
            self._ready = True
            pipe.send((how, given))
            if pipe.poll(self._seconds):
                return pipe.recv()
            reason = f"it was not read within {self._seconds:g} s"
        except (EOFError, OSError):
            reason = "reading it ended the process that did"
        self.close()
        process.join()
        return Refused(reason)


def _started(memory_bytes: int) -> tuple[BaseProcess, Connection]:
    context = get_context("spawn")
    own, its = context.Pipe()
    process = context.Process(target=_serve, args=(its, memory_bytes), daemon=True, name="statement-reader")
    process.start()
    its.close()
    return process, own


def _serve(pipe: Connection, memory_bytes: int) -> None:
    """Answer until nobody asks any more, once the libraries are there."""
    import resource

    import services.prescreening.accounts.reading
    import services.prescreening.statements.reading  # noqa: F401

    pipe.send(True)
    resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
    while True:
        try:
            how, given = pipe.recv()
        except EOFError:
            return
        try:
            pipe.send(how(*given))
        except Refused as refused:
            pipe.send(refused)
        except MemoryError:
            pipe.send(Refused("reading it takes too much memory"))
