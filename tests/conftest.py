"""What all tests share."""

from pathlib import Path

import pytest

from tests import not_run

pytest_plugins = ["libs.embedded.testing"]

TESTS = Path(__file__).parent
# Each of these has a system that is started once for all its tests.
TOGETHER = ("e2e", "faults")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of one file, or of one system, are run by the same process."""
    for item in items:
        file = item.path.relative_to(TESTS)
        item.add_marker(pytest.mark.xdist_group(file.parts[0] if file.parts[0] in TOGETHER else str(file)))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What was not run cannot be missed."""
    not_run.tell(terminalreporter)
