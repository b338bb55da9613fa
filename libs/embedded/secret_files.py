"""Secrets that are made once a data folder, in files that their owner alone can read."""

import os
import secrets
from pathlib import Path

from libs.embedded.accounts import Account


def kept_secret(file: Path, prefix: str = "") -> str:
    """The secret in the file, 256 bits behind a prefix, made where there is none."""
    if not file.exists():
        part = file.with_suffix(".part")
        write_secret(part, prefix + secrets.token_urlsafe(32))
        part.replace(file)
    return file.read_text().strip()


def write_secret(file: Path, text: str, owner: Account | None = None) -> None:
    """Writes the file anew, never readable by others, not even for a moment."""
    file.unlink(missing_ok=True)
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as output:
        output.write(text)
    if owner is not None:
        os.chown(file, owner.user, owner.group)
