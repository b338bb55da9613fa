"""Work on bytes that nobody vouches for, in a process of its own: the loop stays free, and what takes too long or too
much is ended."""

import asyncio
import importlib
import os
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from libs.documents.reading import NoPicture

MEMORY_BYTES = 3_000_000_000


class Unreadable(RuntimeError):
    """The work took too long, or ended the process that did it; says which."""


class Apart:
    """Does one piece of work at a time; the process is started with the first one, and again after one that ended it.

    `work` is a function of one argument as `package.module:name`, which is imported in that process alone.
    """

    def __init__(self, work: str, seconds: float, nice: int = 0) -> None:
        self._work = work
        self._seconds = seconds
        self._nice = nice
        self._alone = asyncio.Lock()
        self._process: tuple[BaseProcess, Connection] | None = None

    async def do(self, argument: Any) -> Any:
        """What the function returns; raises NoPicture where it does, and Unreadable where it does not in time."""
        async with self._alone:
            asked = asyncio.create_task(asyncio.to_thread(self._ask, argument))
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

    def _ask(self, argument: Any) -> Any:
        process, pipe = self._process = self._process or self._started()
        try:
            pipe.send(argument)
            if pipe.poll(self._seconds):
                return pipe.recv()
            cause = f"a picture was not read within {self._seconds:g} s"
        except (EOFError, OSError):
            cause = "reading a picture ended the process that did"
        self.close()
        process.join()
        raise Unreadable(cause)

    def _started(self) -> tuple[BaseProcess, Connection]:
        context = get_context("spawn")
        own, its = context.Pipe()
        name = self._work.rpartition(".")[2].replace(":", "-")
        process = context.Process(target=_serve, args=(its, self._work, self._nice), daemon=True, name=name)
        process.start()
        its.close()
        return process, own


def _serve(pipe: Connection, work: str, nice: int) -> None:
    """Do what is asked until nobody asks any more."""
    import resource

    os.nice(nice)
    module, _, name = work.partition(":")
    function = getattr(importlib.import_module(module), name)
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
    while True:
        try:
            argument = pipe.recv()
        except EOFError:
            return
        try:
            pipe.send(function(argument))
        except NoPicture as refused:
            pipe.send(refused)
