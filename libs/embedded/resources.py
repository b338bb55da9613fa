"""What a part needs of the machine before it starts: a free port, space on the disk, a place for downloads."""

import errno
import os
import random
import shutil
import socket
from collections.abc import Mapping
from pathlib import Path

from libs.embedded.errors import EmbeddedError

LOOPBACK = "127.0.0.1"
# Below the range that Linux takes outgoing ports from, so that a port stays free until its owner has bound it.
_PORTS = range(20_000, 32_000)


def cache_folder(environ: Mapping[str, str]) -> Path:
    """Downloads are kept once a user, in VETSTREAM_CACHE or the user's cache folder."""
    if chosen := environ.get("VETSTREAM_CACHE"):
        return Path(chosen).expanduser()
    return Path(environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "vetstream"


def _bind_error(port: int) -> int | None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as Java and PostgreSQL bind
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            return error.errno or errno.EINVAL
    return None


def free_port() -> int:
    """A loopback port that nobody listens on."""
    for _ in range(1_000):
        port = random.choice(_PORTS)
        if _bind_error(port) is None:
            return port
    raise EmbeddedError(f"no free port between {_PORTS.start} and {_PORTS.stop - 1} on {LOOPBACK}")


def usual_port(port: int) -> int:
    """This port where nobody listens on it, else a free one."""
    return port if _bind_error(port) is None else free_port()


def require_free(port: int, what: str, option: str) -> None:
    """Raises where `what` cannot listen on the port; the line names the option that chooses another."""
    error = _bind_error(port)
    if error == errno.EADDRINUSE:
        raise EmbeddedError(f"port {port} is in use, the {what} needs it; stop its user or choose another: {option}")
    if error is not None:
        raise EmbeddedError(f"the {what} cannot listen on port {port} ({os.strerror(error)}); choose another: {option}")


def require_space(path: Path, size: int) -> None:
    """Raises where the disk that holds the path (its nearest existing folder) has fewer than `size` bytes free."""
    folder = path.absolute()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if free < size:
        needed, left = size // 2**20, free // 2**20
        raise EmbeddedError(f"the disk of {path} is full: {left} MB free, {needed} MB needed; free some or use --data")
