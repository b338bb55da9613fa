"""Notifications as a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
MODULE = [sys.executable, "-m", "services.notifications"]
DOCUMENT = '{"endpoints": [{"name": "core", "url": "http://hooks.example.com"}]}'


def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({}, "VETSTREAM_WEBHOOK_KEY must hold the master key"),
        (
            {"VETSTREAM_WEBHOOK_KEY": "key", "VETSTREAM_NOTIFICATION_ENDPOINTS": DOCUMENT},
            "VETSTREAM_NOTIFICATION_ENDPOINTS: endpoints.0.url: does not begin with https://",
        ),
    ],
)
def test_settings_that_cannot_be_meant_end_it_with_their_place(given: dict[str, str], problem: str) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("VETSTREAM_")}
    ended = run(*MODULE, **{**environment, **given})
    assert (ended.returncode, ended.stderr.startswith(problem)) == (1, True)


def test_a_secret_is_told_to_who_operates() -> None:
    given = {"VETSTREAM_WEBHOOK_KEY": "key", "VETSTREAM_NOTIFICATION_ENDPOINTS": DOCUMENT.replace("http:", "https:")}
    assert run(*MODULE, "secret", "core", **{**os.environ, **given}).stdout.startswith("1 whsec_")
