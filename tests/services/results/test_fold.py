"""The fold: repeats, gaps, interleavings, overrides."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libs.events.message import Event
from libs.events.models import ExecutionState, ExecutionStatus, Individual, Name
from services.results.fold import execution_id, fold
from services.results.rows import ExecutionRow, Rows
from tests.services.results import factory


def folded(events: Sequence[Event]) -> Rows:
    rows = Rows()
    for event in events:
        fold(rows, event)
    return rows


def state(rows: Rows) -> dict[str, Any]:
    """All that the tables would hold."""
    return {
        "individuals": {key: asdict(row) for key, row in rows.individuals.items()},
        "former_individuals": {key: asdict(row) for key, row in rows.former_individuals.items()},
        "executions": {key: asdict(row) for key, row in rows.executions.items()},
        "waiting": {key: held for key, held in rows.waiting.items() if held},
        "overrides": rows.overrides,
        "step_results": rows.step_results,
        "process_results": rows.process_results,
        "history": rows.history,
        "workflows": rows.workflows,
    }


def the_execution(rows: Rows, begin: Event) -> ExecutionRow:
    return rows.executions["c1", execution_id(begin.id)]


def everything() -> dict[str, list[Event]]:
    """Two persons, three executions, amendments accepted and refused: what lies on each topic, in order."""
    first, second = factory.onboarded("e1"), factory.onboarded("e2", version=2, seconds=3)
    older = factory.onboarded("e2", version=1, seconds=9, individual=factory.person("Outdated"))
    again = factory.requested("e1", seconds=60, individual=factory.person("Newer"))
    return {
        "entity.onboarded": [first, second, older],
        "workflow.requested": [again],
        "workflow.progressed": [
            *factory.story(first, hit=True),
            *factory.story(again, status=ExecutionStatus.REVIEW),
            *factory.story(second)[:5],
        ],
        "results.amended": [
            factory.amended(first, version=9, status=ExecutionStatus.FAIL, seconds=100),
            factory.amended(first, version=9, status=ExecutionStatus.PASS, seconds=101),
            factory.amended(again, version=4, status=ExecutionStatus.PASS, seconds=102),
            factory.amended(first, version=10, status=ExecutionStatus.REVIEW, seconds=103),
            factory.amended(second, version=3, status=ExecutionStatus.PASS, seconds=104),
        ],
        "workflow.published": [factory.published(seconds=0), factory.published(seconds=9, definition="{}")],
    }


@st.composite
def interleavings(draw: st.DrawFn, logs: dict[str, list[Event]]) -> list[Event]:
    """The events of all topics in an order that keeps each topic's own."""
    left = {topic: list(log) for topic, log in logs.items()}
    order: list[Event] = []
    while left:
        topic = draw(st.sampled_from(sorted(left)))
        order.append(left[topic].pop(0))
        left = {name: log for name, log in left.items() if log}
    return order


@settings(max_examples=200, deadline=None)
@given(interleavings(everything()))
def test_topics_may_be_read_in_any_order_against_each_other(events: list[Event]) -> None:
    in_turn = [event for log in everything().values() for event in log]

    assert state(folded(events)) == state(folded(in_turn))


@settings(max_examples=100, deadline=None)
@given(interleavings(everything()), st.data())
def test_a_repeat_changes_nothing(events: list[Event], data: st.DataObject) -> None:
    repeated = list(events)
    for _ in range(5):
        place = data.draw(st.integers(0, len(repeated) - 1))
        later = data.draw(st.integers(place + 1, len(repeated)))
        if repeated[place].topic != "workflow.published":  # there the last one counts
            repeated.insert(later, repeated[place])

    assert state(folded(repeated)) == state(folded(events))


@settings(max_examples=100, deadline=None)
@given(st.permutations(factory.story(factory.onboarded())))
def test_steps_are_applied_in_their_order_however_they_come(steps: list[Event]) -> None:
    begin = factory.onboarded()

    assert state(folded([begin, *steps])) == state(folded([begin, *factory.story(begin)]))


def test_a_gap_waits() -> None:
    begin = factory.onboarded()
    steps = factory.story(begin)

    rows = folded([begin, steps[0], *steps[2:]])

    assert (the_execution(rows, begin).sequence, the_execution(rows, begin).waiting) == (1, 7)
    assert the_execution(rows, begin).state == "IN_PROGRESS"
    fold(rows, steps[1])
    assert (the_execution(rows, begin).sequence, the_execution(rows, begin).waiting) == (9, 0)
    assert the_execution(rows, begin).state == "COMPLETED"


def test_the_result_is_what_was_decided_and_comes_with_the_end() -> None:
    begin = factory.onboarded()
    *before, end = factory.story(begin, status=ExecutionStatus.REVIEW)
    rows = folded([begin, *before])
    assert (the_execution(rows, begin).result, the_execution(rows, begin).status) == ("UNCHECKED", "UNCHECKED")

    fold(rows, end)

    assert (the_execution(rows, begin).result, the_execution(rows, begin).status) == ("REVIEW", "REVIEW")


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        (ExecutionState.RUNNING, "IN_PROGRESS"),
        (ExecutionState.SUCCEEDED, "COMPLETED"),
        (ExecutionState.FAILED, "ERROR"),
        (ExecutionState.TIMED_OUT, "TIMEOUT"),
        (ExecutionState.ABORTED, "CANCELED"),
    ],
)
def test_the_states_in_the_contracts_words(told: ExecutionState, shown: str) -> None:
    begin = factory.onboarded()

    row = the_execution(folded([begin, factory.progressed(begin, 1, state=told)]), begin)

    assert row.state == shown
    assert row.ended == (told is not ExecutionState.RUNNING)


def test_an_execution_that_failed_has_no_result_whatever_was_decided() -> None:
    begin = factory.onboarded()
    steps = factory.story(begin)[:8]
    failed = factory.progressed(begin, 9, state=ExecutionState.FAILED, error="Check.SourceUnavailable", cause="down")

    row = the_execution(folded([begin, *steps, failed]), begin)

    assert (row.state, row.result, row.error, row.cause) == ("ERROR", "UNCHECKED", "Check.SourceUnavailable", "down")


def test_nothing_follows_the_end() -> None:
    begin = factory.onboarded()
    told = folded([begin, *factory.story(begin)])

    late = folded([begin, *factory.story(begin), factory.progressed(begin, 10, accepted=[factory.decision()])])

    assert state(late) == state(told)


@pytest.mark.parametrize("late", [False, True])
def test_an_older_version_of_a_person_never_overwrites_a_newer_one(late: bool) -> None:
    newer = factory.onboarded(version=2, individual=factory.person("New"))
    older = factory.onboarded(version=1, individual=factory.person("Old"), seconds=50)

    rows = folded([newer, older] if late else [older, newer])

    row = rows.individuals["c1", "e1"]
    assert Individual.model_validate_json(row.document).name == Name(givenName="Ada", familyName="New")
    assert (row.entity_version, row.created_at) == (2, factory.at(0))


def test_of_equal_versions_the_one_told_last_counts() -> None:
    first = factory.onboarded(individual=factory.person("First"), id="1")
    second = factory.onboarded(individual=factory.person("Second"), id="2", seconds=5)

    assert "Second" in folded([first, second]).individuals["c1", "e1"].document


def test_an_override_changes_the_status_and_its_three_fields_only() -> None:
    begin = factory.onboarded()
    before = asdict(the_execution(folded([begin, *factory.story(begin)]), begin))
    amendment = factory.amended(begin, version=9, status=ExecutionStatus.FAIL)

    after = asdict(the_execution(folded([begin, *factory.story(begin), amendment]), begin))

    changed = {name for name in before if before[name] != after[name]}
    assert changed == {
        "status", "override_at", "override_by", "override_request_id", "version", "amendments", "updated_at"
    }  # fmt: skip
    assert (after["status"], after["result"], after["override_by"]) == ("FAIL", "PASS", "officer")
    assert after["override_at"] == factory.at(100)


@pytest.mark.parametrize(
    ("amendment", "refusal"),
    [
        ({"version": 8}, "made on version 8, the execution is at version 9"),
        ({"version": 10}, "made on version 10, the execution is at version 9"),
        ({"version": 9, "entity": "e2"}, "the execution is another person's"),
    ],
)
def test_a_refused_override_changes_nothing_and_stays_on_record(amendment: dict[str, Any], refusal: str) -> None:
    begin = factory.onboarded()
    rows = folded([begin, *factory.story(begin), factory.amended(begin, **amendment)])

    row = the_execution(rows, begin)
    (override,) = rows.overrides[row.key].values()
    assert (row.status, row.version, row.override_at) == ("PASS", 9, None)
    assert (override.accepted, override.refusal, override.comment) == (False, refusal, "spoke to the customer")


def test_of_two_overrides_of_one_version_the_first_counts() -> None:
    begin = factory.onboarded()
    one = factory.amended(begin, status=ExecutionStatus.FAIL, seconds=100)
    other = factory.amended(begin, status=ExecutionStatus.PASS, seconds=101)

    rows = folded([begin, *factory.story(begin), one, other])

    assert the_execution(rows, begin).status == "FAIL"
    assert [row.accepted for row in rows.overrides[the_execution(rows, begin).key].values()] == [True, False]


def test_an_amendment_waits_for_the_end_of_its_execution() -> None:
    begin = factory.onboarded()
    *before, end = factory.story(begin)

    rows = folded([factory.amended(begin, version=9), begin, *before])

    assert (the_execution(rows, begin).status, the_execution(rows, begin).waiting) == ("UNCHECKED", 1)
    fold(rows, end)
    assert (the_execution(rows, begin).status, the_execution(rows, begin).waiting) == ("FAIL", 0)


def test_an_execution_of_which_only_later_steps_are_seen_has_not_started() -> None:
    begin = factory.onboarded()

    row = the_execution(folded([factory.progressed(begin, 3)]), begin)

    assert (row.started_at, row.sequence) == (None, 0)


def test_times_come_from_the_events() -> None:
    begin = factory.onboarded(seconds=0)
    row = the_execution(folded([begin, *factory.story(begin)]), begin)

    assert (row.created_at, row.started_at, row.ended_at) == (factory.at(0), factory.at(1), factory.at(9))
    assert row.updated_at == factory.at(0) + timedelta(seconds=9)


def test_another_topic_is_a_bug() -> None:
    with pytest.raises(TypeError, match=r"kyc\.completed"):
        fold(Rows(), Event("1", "kyc.completed", "kyc", factory.START, "c1:e1", factory.kyc("1")))
