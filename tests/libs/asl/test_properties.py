"""What holds for every machine and every story."""

import json
from collections import Counter
from copy import deepcopy

from hypothesis import given, settings
from hypothesis import strategies as st

from libs.asl import (
    ChildFailed,
    ChildSucceeded,
    Event,
    Execution,
    HistoryEvent,
    Machine,
    ScheduleTask,
    StartChild,
    Step,
    StopChild,
    TaskFailed,
    TaskHeartbeat,
    TaskSubmitted,
    TaskSucceeded,
    start,
    step,
)
from libs.asl.size import bytes_of
from libs.asl.waiting import AwaitedChild, AwaitedTask, Delay, Join
from tests.libs.asl.factory import NOW, after, branch, state, task
from tests.libs.asl.machines import DISTRIBUTED, happenings, machines, told

Happened = list[tuple[str, int]]
STANDING = AwaitedTask | AwaitedChild | Delay


@settings(deadline=None)
@given(machines(), happenings)
def test_the_same_events_give_the_same_execution(machine: Machine, happened: Happened) -> None:
    again = Machine.load(machine.definition)
    for (_, _, one, _), (_, _, other, _) in zip(told(machine, happened), told(again, happened), strict=True):
        assert one.execution.to_document() == other.execution.to_document()
        assert (one.effects, one.history, one.applied) == (other.effects, other.history, other.applied)


@settings(deadline=None)
@given(machines(), happenings)
def test_writing_an_execution_down_between_two_events_changes_nothing(machine: Machine, happened: Happened) -> None:
    for before, event, made, seconds in told(machine, happened):
        if before is None or event is None:
            continue
        read = Execution.from_document(json.loads(json.dumps(before.to_document())))
        again = step(machine, read, event, after(seconds))
        assert again.execution.to_document() == made.execution.to_document()
        assert (again.effects, again.history, again.applied) == (made.effects, made.history, made.applied)


@settings(deadline=None)
@given(machines(), happenings)
def test_an_answer_that_comes_twice_or_late_changes_nothing(machine: Machine, happened: Happened) -> None:
    answered: list[Event] = []
    for _, event, made, seconds in told(machine, happened):
        if isinstance(event, TaskSucceeded | TaskFailed):
            task_id = event.task_id
            answered += [TaskSucceeded(task_id, "late"), TaskFailed(task_id, "E", None)]
            answered += [event, TaskHeartbeat(task_id), TaskSubmitted(task_id, "late")]
        if isinstance(event, ChildSucceeded | ChildFailed):
            child_id = event.child_id
            answered += [event, ChildSucceeded(child_id, "late"), ChildFailed(child_id, "E", None)]
        for late in answered:
            repeated = step(machine, made.execution, late, after(seconds + 100))
            assert repeated.execution is made.execution
            assert (repeated.applied, repeated.effects, repeated.history) == (False, (), ())


@settings(deadline=None)
@given(machines(), happenings)
def test_a_step_leaves_the_execution_before_it_as_it_was(machine: Machine, happened: Happened) -> None:
    documents: list[tuple[Execution, object]] = []
    for before, _, made, _ in told(machine, happened):
        if before is not None:
            assert before.to_document() == documents[-1][1]
        documents.append((made.execution, deepcopy(made.execution.to_document())))
    for execution, document in documents:
        assert execution.to_document() == document


@settings(deadline=None)
@given(machines(), happenings)
def test_history_is_numbered_without_a_gap_and_points_back(machine: Machine, happened: Happened) -> None:
    history = [event for _, _, made, _ in told(machine, happened) for event in made.history]
    assert [event.id for event in history] == list(range(1, len(history) + 1))
    assert all(event.previous_event_id < event.id for event in history)


@settings(deadline=None)
@given(machines(), happenings)
def test_of_what_has_begun_the_end_is_told_once(machine: Machine, happened: Happened) -> None:
    """Where the execution ends well, and went on from no earlier end."""
    made = [made for _, _, made, _ in told(machine, happened)]
    kinds = Counter(event.type for one in made for event in one.history)
    if made[-1].execution.status != "SUCCEEDED" or kinds["ExecutionRedriven"] or kinds["EvaluationFailed"]:
        return
    for kind in ("Task", "Wait"):
        assert kinds[f"{kind}StateEntered"] == kinds[f"{kind}StateExited"] + kinds[f"{kind}StateAborted"]
    iterations = sum(kinds[f"MapIteration{how}"] for how in ("Succeeded", "Failed", "Aborted"))
    assert kinds["MapIterationStarted"] == iterations


@settings(deadline=None)
@given(machines(), happenings)
def test_every_task_asked_for_is_open_under_its_scheduled_event(machine: Machine, happened: Happened) -> None:
    for _, _, made, _ in told(machine, happened):
        scheduled = {event.id for event in made.history if event.type == "TaskScheduled"}
        assert tasks_of(made).keys() <= scheduled & made.execution.open_tasks.keys()


@settings(deadline=None)
@given(machines(), happenings)
def test_a_size_that_is_kept_is_never_below_the_real_one(machine: Machine, happened: Happened) -> None:
    for _, _, made, _ in told(machine, happened):
        for standing in made.execution.branches.values():
            assert standing.bytes >= bytes_of(standing.input)
            if isinstance(standing.waiting, Join):
                assert standing.waiting.bytes >= bytes_of(
                    [done for done in standing.waiting.results if done is not None]
                )


@settings(deadline=None)
@given(machines(), happenings)
def test_children_are_started_before_they_are_stopped_and_none_is_left_behind(
    machine: Machine, happened: Happened
) -> None:
    running: set[int] = set()
    for _, event, made, _ in told(machine, happened):
        if isinstance(event, ChildSucceeded | ChildFailed) and made.applied:
            running.remove(event.child_id)
        for effect in made.effects:
            if isinstance(effect, StartChild):
                assert effect.child_id not in running
                running.add(effect.child_id)
            if isinstance(effect, StopChild):
                running.remove(effect.child_id)
        assert running == made.execution.open_children.keys()


@settings(deadline=None)
@given(machines(), happenings)
def test_a_running_execution_always_waits_for_something_and_an_ended_one_for_nothing(
    machine: Machine, happened: Happened
) -> None:
    for _, _, made, _ in told(machine, happened):
        execution = made.execution
        waits = [branch for branch in execution.branches.values() if isinstance(branch.waiting, STANDING)]
        assert bool(waits) == (execution.status == "RUNNING")
        if not waits:
            assert (execution.next_due, execution.open_tasks, execution.open_children) == (None, {}, {})


ALL_AT_ONCE = Machine.load(
    {
        "StartAt": "All",
        "States": {
            "All": state(
                "Parallel",
                Branches=[
                    branch(
                        Kyc=task("kyc", ResultPath="$.kyc", Assign={"said.$": "$"}, Next="Risk"),
                        Risk=task("risk", QueryLanguage="JSONata", Output={"kyc": "{% $said %}"}),
                    ),
                    branch(Aml=task("aml", ResultPath="$.aml")),
                    branch(
                        Each=state(
                            "Map",
                            ItemsPath="$.documents",
                            MaxConcurrency=2,
                            ItemProcessor=branch(Idv=task("idv", ResultPath="$.idv")),
                        )
                    ),
                    branch(
                        Children=state(
                            "Map",
                            ItemsPath="$.documents",
                            MaxConcurrency=2,
                            ItemProcessor={**DISTRIBUTED, **branch(Check=task("check"))},
                        )
                    ),
                ],
            )
        },
    }
)


def tasks_of(made: Step) -> dict[int, ScheduleTask]:
    """The tasks that a step asks for."""
    return {effect.task_id: effect for effect in made.effects if isinstance(effect, ScheduleTask)}


@settings(deadline=None)
@given(st.data())
def test_the_order_in_which_branches_answer_does_not_change_the_output(data: st.DataObject) -> None:
    """Each answers with what it was asked, so that no answer depends on an id."""
    documents = [{"id": number} for number in range(3)]
    made = start(ALL_AT_ONCE, execution_id="e1", input={"documents": documents}, now=NOW)
    history, answers = list(made.history), answers_to(made)
    while made.execution.status == "RUNNING":
        event = answers.pop(data.draw(st.integers(0, len(answers) - 1)))
        made = step(ALL_AT_ONCE, made.execution, event, NOW)
        history += made.history
        answers += answers_to(made)
    assert made.execution.output == [
        {"kyc": "kyc done"},
        {"documents": documents, "aml": "aml done"},
        [{"id": number, "idv": "idv done"} for number in range(3)],
        documents,
    ]
    assert sorted(event.type for event in history) == sorted(event.type for event in IN_ORDER)
    assert [event.id for event in history] == list(range(1, len(history) + 1))


def answers_to(made: Step) -> list[Event]:
    """What is answered to all that a step asks for."""
    answers: list[Event] = []
    for effect in made.effects:
        if isinstance(effect, ScheduleTask):
            answers.append(TaskSucceeded(effect.task_id, f"{effect.resource} done"))
        elif isinstance(effect, StartChild):
            answers.append(ChildSucceeded(effect.child_id, effect.input))
    return answers


def in_order() -> list[HistoryEvent]:
    """The history where each is answered in its turn."""
    made = start(ALL_AT_ONCE, execution_id="e1", input={"documents": [{"id": number} for number in range(3)]}, now=NOW)
    history, answers = list(made.history), answers_to(made)
    while answers:
        made = step(ALL_AT_ONCE, made.execution, answers.pop(0), NOW)
        history += made.history
        answers += answers_to(made)
    return history


IN_ORDER = in_order()
