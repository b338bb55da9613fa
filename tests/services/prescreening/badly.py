"""Ways to read that a process of its own has to bear."""

import os


def forever() -> None:
    """Reads until it is stopped."""
    while True:
        pass


def greedily() -> int:
    """Reads all that there is."""
    return len(bytes(2_000_000_000))


def dying() -> None:
    """Ends the process, as a broken library may."""
    os._exit(9)
