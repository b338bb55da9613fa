"""Removing what runs have left in a data folder, and nothing else."""

import shutil
from pathlib import Path

from libs.embedded.processes import Processes

FOLDERS = ("broker", "database", "database.part", "faust", "log", "run")
FILES = (
    "database.password",
    "database.part",
    "database.secret",
    "token.key",
    "token.part",
    "api.key",
    "api.password",
    "api.part",
    "lock",
)


def clean(data: Path) -> str:
    """Says what was done; raises EmbeddedError where a run is using the folder."""
    if not (data / "lock").exists():
        return f"nothing to remove: no run has used {data}"
    with Processes(data):  # holds the folder, and ends what a killed run has left on it
        for name in FOLDERS:
            shutil.rmtree(data / name, ignore_errors=True)
        for name in FILES:
            if (data / name).is_file():
                (data / name).unlink()
    if any(data.iterdir()):
        return f"removed the data of {data}; what else is in it stays"
    data.rmdir()
    return f"removed {data}"
