"""The system in containers, once for all end-to-end tests, and a report that cannot be missed where it cannot run."""

import os
import uuid
from collections.abc import Iterator

import pytest

from tests.e2e.client import Customer, customer
from tests.e2e.containers import NotStarted, System, Unavailable, running
from tests.not_run import not_run

HOW = (
    "End-to-end tests need a Docker engine and the images that docker-compose.yml names: `docker pull` them, or run "
    ".ci/engine.sh on Debian and name its images with `set -a; . .ci/images.env; set +a`."
)
# Building the image and starting everything counts as the time of the first test.
SECONDS = 1200

_logs = pytest.StashKey[dict[str, str]]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give the tests that need the system the time to start it."""
    for item in items:
        if "system" in getattr(item, "fixturenames", ()) and "tests/e2e/" in item.nodeid:
            item.add_marker(pytest.mark.timeout(SECONDS))


@pytest.fixture(scope="package")
def system(request: pytest.FixtureRequest) -> Iterator[System]:
    """The whole system, gone before other tests run; skipped where it cannot run, unless it has to."""
    stash = request.config.stash
    failed = request.session.testsfailed
    try:
        with running(os.environ) as started:
            yield started
            if request.session.testsfailed > failed:
                stash[_logs] = {name: started.log(name) for name in started.containers}
    except Unavailable as reason:
        not_run(f"{reason}. {HOW}")
    except NotStarted as reason:
        pytest.fail(str(reason), pytrace=False)


@pytest.fixture
def someone(system: System) -> Iterator[Customer]:
    """A customer of this test's own."""
    made = customer(system, f"e2e-{uuid.uuid4()}")
    yield made
    made.http.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Show what the containers said where a test failed (with JOBS=0)."""
    for name, log in config.stash.get(_logs, {}).items():
        terminalreporter.section(f"last lines of container {name}")
        terminalreporter.write(log)
