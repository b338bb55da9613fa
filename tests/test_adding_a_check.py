"""The page on adding a check, followed to the letter in a copy of the project; then a person goes through it."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "adding-a-check.md"
WORKFLOW = "services/orchestration/workflows/onboarding.asl.json"
BLOCK = re.compile(r"(?:`(services/[^`]+)`\n\n)?```(yaml|python|json)\n(.*?)```", re.DOTALL)

GOES_THROUGH = '''
"""A person through the new check."""

from tests.factory import onboarded, person
from tests.flows.system import System
from tests.flows.test_onboarding import outcome, steps


async def test_the_new_check_takes_part(system: System) -> None:
    events = [
        onboarded(f"p{at}", individual=person(phoneNumbers=numbers))
        for at, numbers in enumerate((["+61400123456"], ["12"], []))
    ]
    await system.publish(*events)
    await system.settle()
    assert [steps(system, event)["TELEPHONE"] for event in events] == ["PASS", "FAIL", "MISSING_DATA"]
    assert all([(await outcome(system, event))[0] == "COMPLETED" for event in events])
    rows = await system.query("results", "SELECT result FROM projection.process_results WHERE step_name = 'TELEPHONE'")
    assert sorted(row.result for row in rows) == ["BAD_DATA", "MATCH"]
'''


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project in which the four steps have been made."""
    for folder in ("libs", "schemas", "services", "tests", "docs"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "services" / "telephone").mkdir()
    for file, language, content in BLOCK.findall(PAGE.read_text()):
        if language == "yaml":
            topics = tmp_path / "schemas" / "topics.yaml"
            topics.write_text(topics.read_text().replace("\nchecks:\n", f"\nchecks:\n{content}"))
        elif language == "python":
            (tmp_path / file).write_text(content)
        else:
            workflow = json.loads((tmp_path / WORKFLOW).read_text())
            workflow["States"]["Checks"]["Branches"].append(json.loads(content))
            (tmp_path / WORKFLOW).write_text(json.dumps(workflow))
    return tmp_path


def run(project: Path, *arguments: str) -> None:
    done = subprocess.run([sys.executable, "-m", *arguments], cwd=project, capture_output=True, text=True, timeout=250)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_four_steps_make_a_check(project: Path) -> None:
    (project / "tests" / "flows" / "test_telephone.py").write_text(GOES_THROUGH)
    run(project, "libs.events.topology")
    tests = ("tests/flows/test_telephone.py", "tests/test_boundaries.py", "tests/libs/events/test_topology.py")
    run(project, "pytest", "-q", "-p", "no:cacheprovider", *tests)
    run(project, "ruff", "check", "services/telephone")
    run(project, "ruff", "format", "--check", "services/telephone")
