"""Deliveries as a process of its own."""

import os
import subprocess
import sys
import time
import urllib.error
from pathlib import Path
from urllib.request import urlopen

from libs.embedded.resources import free_port

ROOT = Path(__file__).resolve().parents[4]
MODULE = [sys.executable, "-m", "services.results.webhooks"]


def _environment(url: str, **more: str) -> dict[str, str]:
    return {**os.environ, "DATABASE_URL": url, **more}


def test_it_gets_ready_and_ends_when_told_to(webhooks_database: str) -> None:
    port = free_port()
    environment = _environment(webhooks_database, VETSTREAM_WEBHOOK_KEY="key", HEALTH_PORT=str(port))
    with subprocess.Popen(MODULE, cwd=ROOT, env=environment, stderr=subprocess.PIPE) as process:
        try:
            assert _status(f"http://127.0.0.1:{port}/health/ready") == 200
            assert _status(f"http://127.0.0.1:{port}/health/live") == 200
        finally:
            process.terminate()
        _, told_of = process.communicate(timeout=20)
        assert (process.returncode, b'"started"' in told_of) == (0, True)


def test_without_a_master_key_it_says_so_and_ends(webhooks_database: str) -> None:
    ended = subprocess.run(
        MODULE, cwd=ROOT, env=_environment(webhooks_database), capture_output=True, check=False, timeout=60
    )
    assert (ended.returncode, b"VETSTREAM_WEBHOOK_KEY" in ended.stderr) == (1, True)


def _status(url: str) -> int | None:
    """The first 200, or what is answered in the end."""
    last: int | None = None
    for _ in range(150):
        try:
            with urlopen(url, timeout=2) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            last = error.code
        except OSError:
            pass
        time.sleep(0.2)
    return last
