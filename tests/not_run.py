"""Tests that want more than Python: where it is not there they are skipped, which cannot be missed, or have to run."""

import os
from collections import Counter
from typing import NoReturn

import pytest

# Set where all tests have to run: what is missing is a failure then.
REQUIRED = "VETSTREAM_REQUIRE_E2E"
_MARK = "NOT RUN: "


def not_run(why: str) -> NoReturn:
    """Skip, and be told of at the end."""
    if os.environ.get(REQUIRED, "") not in ("", "0"):
        pytest.fail(f"this has to run here ({REQUIRED}): {why}", pytrace=False)
    pytest.skip(_MARK + why)


def tell(reporter: pytest.TerminalReporter) -> None:
    """Say in capital letters how many were not run, and why."""
    told = (str(report.longrepr[2]) for report in reporter.stats.get("skipped", ()) if report.longrepr)
    for why, count in Counter(text.split(_MARK, 1)[1] for text in told if _MARK in text).items():
        reporter.section(f"{count} TESTS WERE NOT RUN", sep="!", red=True, bold=True)
        reporter.write_line(f"WHY: {why}")
        reporter.write_line(f"{REQUIRED}=1 makes this a failure.")
