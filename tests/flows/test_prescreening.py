"""Applications through every service: accepted, rejected where something fails, looked at where nobody could say."""

from dataclasses import replace
from pathlib import Path

import pytest

from libs.embedded.applications import keeping
from libs.embedded.applications.case import Case
from libs.embedded.applications.making import make
from libs.embedded.applications.screening import submitted
from libs.embedded.database import RunningDatabase
from libs.events.applications import execution_id
from tests.factory import NOON
from tests.flows.system import System

STORIES = ("salaried", "failing", "gap", "sound", "dissolved", "low-score")
CUSTOMER = "sample"
ENDED = "SELECT status, steps FROM projection.executions WHERE execution_id = :id"


def chosen() -> list[Case]:
    """The first application of some stories."""
    cases = make(4, NOON.date())
    return [next(case for case in cases if case.applied.story == story) for story in STORIES]


async def test_each_application_comes_to_what_its_story_comes_to(
    embedded_database: RunningDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = chosen()
    await keeping.put(cases, tmp_path / "blobs")
    keeping.write_known(cases, tmp_path)
    monkeypatch.setenv("PRESCREENING_REGISTERS", str(tmp_path))
    monkeypatch.setenv("PRESCREENING_HASH_KEY", "a key for tests")
    async with System(embedded_database, blobs_directory=str(tmp_path / "blobs")) as system:
        await system.publish(*(replace(submitted(case.applied), time=NOON) for case in cases))
        await system.settle()
        for case in cases:
            told, id = case.applied, execution_id(CUSTOMER, case.applied.entityId)
            (row,) = await system.query(
                "results", "SELECT * FROM projection.executions WHERE execution_id = :id", id=id
            )
            assert (told.story, row.status) == (told.story, told.expected.status)
            steps = dict(row.steps)
            if told.expected.step:
                assert steps[told.expected.step] == told.expected.result
            assert ("NOTIFICATION" in steps) == (told.expected.status == "FAIL")
        kept = await system.query("notifications", "SELECT count(*) AS n FROM deliveries")
        assert kept[0].n == sum(case.applied.expected.status == "FAIL" for case in cases)
