"""The fold of executions that went on after a bad end, and of amendments of that end and of later ones."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libs.events.message import Event
from libs.events.models import ExecutionState, ExecutionStatus
from services.results import rebuild
from tests.services.results import factory
from tests.services.results.conftest import Projection
from tests.services.results.test_fold import folded, interleavings, state, the_execution

BEGIN = factory.onboarded()
FAILED = factory.progressed(BEGIN, 2, state=ExecutionState.FAILED, error="Check.Down", cause="no answer")
AGAIN = factory.progressed(BEGIN, 3, state=ExecutionState.FAILED, error="Check.Down")
STORY = [
    factory.progressed(BEGIN, 1),
    FAILED,
    AGAIN,
    factory.progressed(BEGIN, 4, accepted=[factory.decision()]),
    factory.progressed(BEGIN, 5, state=ExecutionState.SUCCEEDED),
]


def overridden(version: int, sequence: int, status: ExecutionStatus, seconds: float) -> Event:
    return factory.amended(BEGIN, version=version, sequence=sequence, status=status, seconds=seconds)


AMENDMENTS = [
    overridden(2, 2, ExecutionStatus.REVIEW, 100),
    overridden(2, 2, ExecutionStatus.FAIL, 101),
    overridden(4, 3, ExecutionStatus.FAIL, 102),
    overridden(4, 2, ExecutionStatus.BLOCKED, 103),
    overridden(4, 3, ExecutionStatus.PASS, 104),
    overridden(7, 4, ExecutionStatus.PASS, 105),
    overridden(8, 5, ExecutionStatus.REJECTED, 106),
]
LOGS = {"entity.onboarded": [BEGIN], "workflow.progressed": STORY, "results.amended": AMENDMENTS}


def test_a_redriven_execution_runs_again_and_its_end_counts() -> None:
    row = the_execution(folded([BEGIN, *STORY[:2]]), BEGIN)
    assert (row.state, row.error, row.cause, row.ended_at) == ("ERROR", "Check.Down", "no answer", factory.at(2))
    running = the_execution(folded([BEGIN, *STORY[:4]]), BEGIN)
    assert (running.state, running.error, running.cause, running.ended_at) == ("IN_PROGRESS", None, None, None)
    ended = the_execution(folded([BEGIN, *STORY]), BEGIN)
    assert (ended.state, ended.result, ended.sequence, ended.version) == ("COMPLETED", "PASS", 5, 5)
    assert ended.ended_at == factory.at(5)


def test_an_override_is_of_the_end_that_was_seen_and_stays_on_record() -> None:
    rows = folded([BEGIN, *STORY[:2], AMENDMENTS[0], STORY[2]])
    row = the_execution(rows, BEGIN)
    assert (row.status, row.override_by, row.version) == ("UNCHECKED", None, 4)
    (override,) = rows.overrides[row.key].values()
    assert (override.accepted, override.status, override.previous_status) == (True, "REVIEW", "UNCHECKED")


def test_each_end_has_its_overrides() -> None:
    rows = folded([event for log in LOGS.values() for event in log])
    decided = list(rows.overrides[the_execution(rows, BEGIN).key].values())
    assert [(one.accepted, one.previous_status, one.refusal) for one in decided] == [
        (True, "UNCHECKED", None),
        (False, "REVIEW", "made on version 2, the execution is at version 3"),
        (True, "UNCHECKED", None),
        (True, "REVIEW", None),
        (False, "FAIL", "made on version 4, the execution is at version 6"),
        (False, "UNCHECKED", "the execution did not end with step 4"),
        (True, "PASS", None),
    ]
    assert (the_execution(rows, BEGIN).status, the_execution(rows, BEGIN).version) == ("REJECTED", 9)


@settings(max_examples=300, deadline=None)
@given(interleavings(LOGS), st.data())
def test_no_order_and_no_repeat_makes_a_difference(events: list[Event], data: st.DataObject) -> None:
    repeated = list(events)
    for _ in range(4):
        place = data.draw(st.integers(0, len(repeated) - 1))
        repeated.insert(data.draw(st.integers(place + 1, len(repeated))), repeated[place])
    assert comparable(repeated) == comparable([event for log in LOGS.values() for event in log])


@settings(max_examples=50, deadline=None)
@given(st.permutations(STORY))
def test_its_steps_may_come_in_any_order(steps: list[Event]) -> None:
    assert comparable([BEGIN, *AMENDMENTS, *steps]) == comparable([BEGIN, *AMENDMENTS, *STORY])


def comparable(events: list[Event]) -> dict[str, Any]:
    return state(folded(events))


@pytest.mark.parametrize("later", [STORY[3:4], STORY[3:]])
def test_an_end_that_was_gone_on_from_is_kept_for_amendments_that_come_late(later: list[Event]) -> None:
    rows = folded([BEGIN, *STORY[:3], *later, AMENDMENTS[0]])
    row = the_execution(rows, BEGIN)
    assert [(kind, position) for kind, position in rows.waiting[row.key]] == [("ENDED", 3), ("ENDED", 2)]
    assert rows.waiting[row.key]["ENDED", 2].document == '{"status":"REVIEW"}'


async def test_batches_make_no_difference_in_the_tables(projection: Projection) -> None:
    other = await projection.beside()
    await projection.fold([BEGIN, *STORY, *AMENDMENTS])
    await other.fold([*AMENDMENTS, *STORY[::-1], BEGIN, *STORY, *AMENDMENTS], size=1)
    async with projection.engine.connect() as connection:
        assert await rebuild.compare(connection, projection.schema, other.schema) is None
