"""A server on a loopback port as a child process: started on a port, waited for, or reported in one line."""

import time
from collections.abc import Callable
from pathlib import Path

from libs.embedded.errors import EmbeddedError
from libs.embedded.processes import Command, Process, spawn
from libs.embedded.resources import free_port, require_free

START_TIMEOUT = 90.0  # seconds
_PORT_ATTEMPTS = 3
_POLL = 0.05


class _PortTaken(EmbeddedError):
    """Another process took the port between the look and the bind."""


def serve(
    data: Path, port: int | None, option: str, command: Callable[[int], Command], answers: Callable[[int], bool]
) -> tuple[Process, int]:
    """Starts `command(port)` and returns when the port answers; the port is a free one unless given."""
    for _ in range(_PORT_ATTEMPTS - 1):
        try:
            return _serve_once(data, port, option, command, answers)
        except _PortTaken:
            continue
    return _serve_once(data, port, option, command, answers)


def _serve_once(
    data: Path, port: int | None, option: str, command: Callable[[int], Command], answers: Callable[[int], bool]
) -> tuple[Process, int]:
    chosen = free_port() if port is None else port
    what = command(chosen)
    require_free(chosen, what.name, option)
    process = spawn(data, what)
    try:
        _wait(process, lambda: answers(chosen))
    except BaseException:
        process.stop(timeout=0)
        raise
    return process, chosen


def _wait(process: Process, answers: Callable[[], bool]) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while True:
        # First whether it lives: where it lost its port to another, that other might answer.
        if (code := process.exit_code()) is not None:
            lines = process.last_lines()
            kind = _PortTaken if "Address already in use" in lines else EmbeddedError
            raise kind(f"the {process.name} could not start (exit code {code}); see {process.log}\n{lines}")
        if answers():
            return
        if time.monotonic() > deadline:
            raise EmbeddedError(
                f"the {process.name} did not answer within {START_TIMEOUT:.0f} s; see {process.log}\n"
                + process.last_lines()
            )
        time.sleep(_POLL)
