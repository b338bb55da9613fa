"""What a launcher leaves on disk about its processes, so that the next one finds those that outlived a kill -9."""

import contextlib
import json
import os
import signal
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

_SAME_START = 1.0  # seconds; a clock set anew moves the creation times that psutil computes
_GRACE = 15.0  # seconds that a leftover has to end by itself: PostgreSQL writes its state


@dataclass(frozen=True)
class Record:
    """A process that was started: its id, when it was created, and the signal that ends it fast and safely."""

    name: str
    pid: int
    create_time: float
    death_signal: int


def write_record(folder: Path, record: Record) -> Path:
    """Kept until the process is known to have ended."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{record.name}.json"
    part = file.with_suffix(".part")
    part.write_text(json.dumps(asdict(record)))
    part.replace(file)
    return file


def reap_leftovers(folder: Path) -> list[str]:
    """Ends what a killed launcher left running and returns the names; never touches a process that was not ours."""
    reaped = []
    for file in sorted(folder.glob("*.json")):
        record = _read(file)
        if record is not None and end_group(record, _GRACE):
            reaped.append(record.name)
        file.unlink(missing_ok=True)
    return reaped


def _read(file: Path) -> Record | None:
    try:
        return Record(**json.loads(file.read_text()))
    except (ValueError, TypeError):  # the launcher or the disk gave up half-way
        return None


def end_group(record: Record, grace: float) -> bool:
    """Asks the process to end, then kills it and all of its group; False where nothing of it was left."""
    members = _living_members(record)
    if not members:
        return False
    for leader in members:
        if leader.pid == record.pid:
            _send(leader, record.death_signal)
            psutil.wait_procs([leader], timeout=grace)
    deadline = time.monotonic() + grace
    while (members := _living_members(record)) and time.monotonic() < deadline:
        for member in members:
            _send(member, signal.SIGKILL)
        psutil.wait_procs(members, timeout=1.0)
    return True


def _send(process: psutil.Process, number: int) -> None:
    with contextlib.suppress(psutil.NoSuchProcess):
        process.send_signal(number)


def _living_members(record: Record) -> list[psutil.Process]:
    """The processes of the group that the recorded one leads; none where its id was given to another since."""
    members = [process for process in psutil.process_iter() if _group(process.pid) == record.pid and _alive(process)]
    for member in members:
        if member.pid == record.pid and not _created_at(member, record.create_time):
            return []
    return members


def _created_at(process: psutil.Process, create_time: float) -> bool:
    try:
        return abs(process.create_time() - create_time) <= _SAME_START
    except psutil.NoSuchProcess:
        return False


def _group(pid: int) -> int | None:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return None


def _alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
