"""Running executions in another definition."""

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings

from libs.asl import Machine, NotMigrated, Stop, TaskSucceeded, TimersDue, migrate, step
from libs.asl.migrating import relocate
from tests.libs.asl.factory import END, NOW, Story, after, branch, machine, state, task
from tests.libs.asl.machines import DISTRIBUTED, happenings, machines, told
from tests.libs.asl.test_properties import Happened

_NAME = re.compile(r"\bS(?=\d)")
# The ids of child executions are drawn from their Map's name.
_CHILD = re.compile(r"(/T\d+M:)[0-9a-f-]{36}")


def renamed(value: Any) -> Any:
    """The same JSON with another name for each state."""
    return json.loads(_CHILD.sub(r"\1child", _NAME.sub("T", json.dumps(value, default=str))))


def only_distributed(problem: NotMigrated) -> None:
    assert all("distributed Map" in str(one) for one in problem.problems)


@settings(deadline=None)
@given(machines(), happenings)
def test_a_machine_that_differs_in_its_names_alone_goes_on_as_the_old_one_would(
    before: Machine, happened: Happened
) -> None:
    now = Machine.load(renamed(before.definition))
    names = {name: renamed(name) for name in before.states}
    for execution, event, made, seconds in told(before, happened):
        if execution is None or event is None or execution.status != "RUNNING":
            continue
        try:
            moved = relocate(execution, before, now, names)
        except NotMigrated as problem:
            only_distributed(problem)
            continue
        again = step(now, moved, event, after(seconds))
        expected = renamed(made.execution.to_document()) | {"machine": now.content_hash}
        assert renamed(again.execution.to_document()) == expected
        assert renamed(again.history) == renamed(made.history)
        assert again.applied == made.applied


@settings(deadline=None)
@given(machines(), happenings)
def test_what_is_open_stays_open_and_the_history_goes_on(before: Machine, happened: Happened) -> None:
    now = Machine.load(renamed(before.definition))
    for _, _, made, seconds in told(before, happened):
        execution = made.execution
        if execution.status != "RUNNING":
            continue
        try:
            moved = migrate(execution, before, now, {name: renamed(name) for name in before.states}, after(seconds))
        except NotMigrated as problem:
            only_distributed(problem)
            continue
        assert moved.execution.open_tasks.keys() == execution.open_tasks.keys()
        assert moved.execution.next_due == execution.next_due
        (event,) = moved.history
        assert (event.id, event.previous_event_id) == (execution.last_event_id + 1, 0)


OLD = {"Kyc": task(Next="Done"), "Done": END}
NEW = {"Identity": task(Next="More"), "More": task("aml")}


def problems(story: Story, now: Machine, **states: str) -> list[str]:
    with pytest.raises(NotMigrated) as refused:
        migrate(story.execution, story.machine, now, states, NOW)
    return [str(problem) for problem in refused.value.problems]


def test_an_execution_goes_on_by_the_new_definition() -> None:
    story, now = Story(OLD), machine(NEW)
    moved = migrate(story.execution, story.machine, now, {"Kyc": "Identity"}, NOW)
    (event,) = moved.history
    assert event.type == "ExecutionMigrated"
    assert event.details == {
        "fromDefinition": story.machine.content_hash,
        "toDefinition": now.content_hash,
        "states": {"Kyc": "Identity"},
    }
    made = step(now, moved.execution, TaskSucceeded(story.open("Kyc"), "yes"), NOW)
    assert [one.details.get("name") for one in made.history if "State" in one.type] == ["Identity", "More"]
    assert list(made.execution.open_tasks.values()) == ["More"]


def test_the_execution_given_stays_as_it_is() -> None:
    story = Story(OLD)
    before = story.execution.to_document()
    migrate(story.execution, story.machine, machine(NEW), {"Kyc": "Identity"}, NOW)
    assert story.execution.to_document() == before


def test_items_of_a_map_that_have_not_begun_begin_at_the_new_start() -> None:
    def each(*names: str) -> dict[str, Any]:
        chain = [task(Next=following) for following in names[1:]] + [task()]
        inner = branch(**dict(zip(names, chain, strict=True)))
        return {"Each": state("Map", ItemsPath="$", MaxConcurrency=1, ItemProcessor=inner)}

    story, now = Story(each("Kyc"), [1, 2]), machine(each("First", "Kyc"))
    moved = migrate(story.execution, story.machine, now, {}, NOW)
    made = step(now, moved.execution, TaskSucceeded(story.open("Kyc"), "a"), NOW)
    assert list(made.execution.open_tasks.values()) == ["First"]


def test_attempts_of_a_retry_that_has_changed_begin_anew() -> None:
    retry = {"ErrorEquals": ["Down"], "MaxAttempts": 1}
    story = Story({"Kyc": task(Retry=[retry])})
    story.fail("Kyc", "Down")
    now = machine({"Kyc": task(Retry=[{**retry, "ErrorEquals": ["Odd"]}, retry])})
    moved = migrate(story.execution, story.machine, now, {}, NOW)
    made = step(now, moved.execution, TimersDue(), after(1))
    assert list(made.execution.open_tasks.values()) == ["Kyc"]
    assert next(iter(made.execution.branches.values())).attempts == ()


def test_a_state_that_is_not_mapped_and_is_not_there_is_in_the_way() -> None:
    assert problems(Story(OLD), machine(NEW)) == [
        "States.Kyc: it stands here; the new definition has no such state, and it is not mapped"
    ]


def test_a_state_of_another_type_is_in_the_way() -> None:
    assert problems(Story(OLD), machine({"Kyc": state("Wait", Seconds=1)})) == [
        'States.Kyc: it stands here, in a Task; the new "Kyc" is a Wait'
    ]


def test_a_mapping_of_names_that_nobody_has_is_refused() -> None:
    assert problems(Story(OLD), machine(NEW), Kic="Identity", Kyc="Idenity") == [
        'the mapping names no state of the old definition ("Kic"; did you mean "Kyc"?)',
        'the mapping names no state of the new one ("Idenity"; did you mean "Identity"?)',
    ]


def test_an_answer_is_not_taken_for_that_of_another_resource() -> None:
    assert problems(Story(OLD), machine(NEW), Kyc="More") == [
        'States.Kyc: it awaits the answer of kyc; the new "More" asks aml'
    ]


def both(*branches: dict[str, Any], name: str = "Both") -> dict[str, Any]:
    return {name: state("Parallel", Branches=list(branches))}


def test_a_parallel_of_another_shape_is_in_the_way() -> None:
    story = Story(both(branch(A=task()), branch(B=task())))
    assert problems(story, machine(both(branch(A=task()), branch(B=task()), branch(C=task())))) == [
        'States.Both: it stands inside; it has 2 branches, the new "Both" 3'
    ]
    assert problems(story, machine(both(branch(B=task()), branch(A=task())))) == [
        'States.Both.Branches[0].States.A: it stands here, in branch 0 of Both; the new "A" is in branch 1 of Both',
        'States.Both.Branches[1].States.B: it stands here, in branch 1 of Both; the new "B" is in branch 0 of Both',
    ]
    assert (
        problems(
            story,
            machine(
                {**both(branch(B=task()), name="Alone"), "A": task()}
                | {"Alone": state("Parallel", Branches=[branch(B=task())], Next="A")}
            ),
            Both="Alone",
        )[0]
        == 'States.Both: it stands inside; it has 2 branches, the new "Alone" 1'
    )


def test_a_parallel_may_have_another_name() -> None:
    story, now = Story(both(branch(A=task()))), machine(both(branch(A=task()), name="All"))
    moved = migrate(story.execution, story.machine, now, {"Both": "All"}, NOW)
    made = step(now, moved.execution, TaskSucceeded(story.open("A"), 1), NOW)
    assert made.execution.output == [1]
    assert made.history[-2].details["name"] == "All"


def test_a_distributed_map_is_in_the_way() -> None:
    each = {"Each": state("Map", ItemsPath="$", ItemProcessor={**DISTRIBUTED, **branch(A=END)})}
    story = Story(each, [1])
    assert problems(story, machine({**each, "Each": {**each["Each"], "MaxConcurrency": 2}})) == [
        "States.Each: it stands inside of a distributed Map, whose child executions go by the old definition",
    ]


def test_an_execution_that_has_ended_is_not_migrated() -> None:
    story = Story(OLD)
    story.tell(Stop(None, None))
    assert problems(story, machine(NEW)) == ["the execution does not run, it is ABORTED"]
    with pytest.raises(ValueError, match="runs another machine"):
        migrate(story.execution, machine(NEW), machine(NEW), {}, NOW)
