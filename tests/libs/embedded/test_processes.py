import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from libs.embedded.errors import EmbeddedError
from libs.embedded.processes import Command, Exit, Processes, spawn
from libs.embedded.records import Record, reap_leftovers, write_record
from tests.libs.embedded.polling import until

SLEEP = "import time; time.sleep(600)"
DEAF = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); {SLEEP}"
PARENT = f"import subprocess, sys; print(subprocess.Popen([sys.executable, '-c', {SLEEP!r}]).pid, flush=True); {SLEEP}"


def python(name: str, code: str) -> Command:
    return Command(name, [sys.executable, "-c", code])


def next_exit(processes: Processes, now: float) -> Exit:
    found: list[Exit] = []

    def seen() -> bool:
        found.extend(processes.check(now))
        return bool(found)

    assert until(seen)
    return found[0]


def gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    with Processes(tmp_path) as running:
        yield running


@pytest.fixture
def stray() -> Iterator[subprocess.Popen[bytes]]:
    """A process in a group of its own that no launcher looks after."""
    started = subprocess.Popen([sys.executable, "-c", SLEEP], start_new_session=True)
    yield started
    started.kill()
    started.wait()


def test_each_process_has_its_own_log_and_record(processes: Processes) -> None:
    child = processes.start(python("alpha", f"print('hello', flush=True); {SLEEP}"))
    assert until(lambda: child.last_lines() == "hello")
    assert (processes.data / "log" / "alpha.log").read_text() == "hello\n"
    assert f'"pid": {child.pid}' in (processes.data / "run" / "alpha.json").read_text()
    processes.stop_all()
    assert gone(child.pid)
    assert not list((processes.data / "run").iterdir())


def test_the_last_lines_are_those_of_this_run(tmp_path: Path) -> None:
    for text in ("first", "second"):
        child = spawn(tmp_path, python("alpha", f"print('{text}')"))
        child.popen.wait()
        child.stop()
        assert child.last_lines() == text


def test_processes_end_in_reverse_order_services_first(processes: Processes) -> None:
    log = processes.data / "order"
    tell = (
        f"import signal, sys, time\ndef end(*_):\n open({str(log)!r}, 'a').write(sys.argv[1] + ' ')\n sys.exit(0)\n"
        f"signal.signal(signal.SIGTERM, end)\nprint('ready', flush=True)\n{SLEEP}"
    )
    started = [
        processes.start(Command(name, [sys.executable, "-c", tell, name]), restart=name == "service")
        for name in ("database", "broker", "service")
    ]
    assert until(lambda: all(child.last_lines() == "ready" for child in started))
    processes.stop_all()
    assert log.read_text().split() == ["service", "broker", "database"]


def test_a_process_that_ignores_the_signal_is_killed_with_what_it_started(processes: Processes) -> None:
    deaf = processes.start(python("deaf", DEAF))
    parent = processes.start(python("parent", PARENT))
    assert until(lambda: deaf.last_lines() == "deaf" and parent.last_lines() != "")
    child = int(parent.last_lines())
    deaf.stop(timeout=0.2)
    parent.stop()
    assert gone(deaf.pid)
    assert gone(child)


def test_a_part_that_ends_is_reported_with_its_last_lines(processes: Processes) -> None:
    processes.start(python("broker", "print('no space left'); raise SystemExit(3)")).popen.wait()
    with pytest.raises(EmbeddedError, match=r"broker ended with exit code 3; see .*broker\.log\nno space left"):
        processes.check(time.monotonic())


def test_a_service_that_ends_is_started_again_after_growing_pauses(processes: Processes) -> None:
    first = processes.start(python("kyc", "print('broker gone'); raise SystemExit(1)"), restart=True)
    now, pauses = time.monotonic(), []
    for _ in range(8):
        ended = next_exit(processes, now)
        pauses.append(ended.pause)
        assert processes.check(now + ended.pause - 0.01) == []
        now += ended.pause
    assert pauses == [0.5, 1, 2, 4, 8, 16, 30, 30]
    assert first.last_lines(1) == "broker gone"


def test_a_service_killed_by_a_signal_is_reported_and_comes_back(processes: Processes) -> None:
    first = processes.start(python("kyc", SLEEP), restart=True)
    first.popen.kill()
    first.popen.wait()
    now = time.monotonic()
    (ended,) = processes.check(now)
    assert (ended.name, ended.code) == ("kyc", -signal.SIGKILL)
    assert processes.check(now + ended.pause) == []
    (record,) = (processes.data / "run").iterdir()
    assert str(first.pid) not in record.read_text()


def test_a_program_that_is_not_there_is_one_line(processes: Processes) -> None:
    with pytest.raises(EmbeddedError, match=r"alpha could not be started: .*No such file"):
        processes.start(Command("alpha", ["/no/such/program"]))


def test_two_launchers_on_one_folder(processes: Processes) -> None:
    with (
        pytest.raises(EmbeddedError, match=f"process {os.getpid()} already runs on {processes.data}"),
        Processes(processes.data),
    ):
        pass


def test_a_leftover_is_ended(tmp_path: Path, stray: subprocess.Popen[bytes]) -> None:
    created = psutil.Process(stray.pid).create_time()
    write_record(tmp_path / "run", Record("kyc", stray.pid, created, signal.SIGTERM))
    with Processes(tmp_path) as processes:
        assert processes.reaped == ["kyc"]
        assert gone(stray.pid)


def test_a_process_that_got_the_id_of_an_earlier_one_is_left_alone(
    tmp_path: Path, stray: subprocess.Popen[bytes]
) -> None:
    created = psutil.Process(stray.pid).create_time()
    write_record(tmp_path, Record("kyc", stray.pid, created - 60, signal.SIGKILL))
    assert reap_leftovers(tmp_path) == []
    assert stray.poll() is None


def test_a_record_cut_short_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "kyc.json").write_text('{"name": "kyc", "pi')
    assert reap_leftovers(tmp_path) == []
    assert not list(tmp_path.iterdir())
