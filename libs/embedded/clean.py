"""Removing what runs have left in a data folder, and nothing else."""

import shutil
from pathlib import Path

from libs.embedded.processes import Processes

FOLDERS = ("applications", "blobs", "broker", "database", "database.part", "faust", "log", "run")
SECRETS = (
    *("api.key", "api.password", "database.password", "reviewer.password"),
    *("token.key", "web.key", "webhook.key"),
)
FILES = (
    *SECRETS,
    *(str(Path(name).with_suffix(".part")) for name in SECRETS),
    *("database.secret", "metrics.json", "outside.jsonl", "lock"),
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
