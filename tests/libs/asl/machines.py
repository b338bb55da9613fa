"""Strategies: machines of every kind of state, and what may happen to their executions."""

from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import strategies as st

from libs.asl import (
    ChildFailed,
    ChildSucceeded,
    Event,
    Execution,
    Machine,
    Redrive,
    Step,
    Stop,
    TaskFailed,
    TaskHeartbeat,
    TaskSubmitted,
    TaskSucceeded,
    TimersDue,
    start,
    step,
)
from tests.libs.asl.factory import NOW, after

ERRORS = ["Down", "Refused", "States.Timeout"]
JITTERY = {"Retry": [{"ErrorEquals": ["Down"], "MaxAttempts": 2, "JitterStrategy": "FULL"}]}
RANDOM = {"id.$": "States.UUID()", "in.$": "$"}
RANDOMNESS = {"id": "{% $uuid() %}", "n": "{% $random() %}", "in": "{% $states.input %}"}
TOKEN = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"

DISTRIBUTED = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}

_Named = Callable[[], str]


def _one_of(*fields: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.sampled_from(fields)


def machines() -> st.SearchStrategy[Machine]:
    """Machines of up to three levels."""
    return st.composite(_machine)()


def _machine(draw: st.DrawFn) -> Machine:
    names = (f"S{number}" for number in range(10_000))
    return Machine.load({**_states(draw, lambda: next(names), 2), **draw(_one_of({}, {"TimeoutSeconds": 40}))})


def _states(draw: st.DrawFn, name: _Named, depth: int) -> dict[str, Any]:
    """A chain of states, the last of which handles what the others catch."""
    handler, count = name(), draw(st.integers(1, 3))
    chain = [name() for _ in range(count)]
    states = {
        here: _state(draw, name, depth, following, handler)
        for here, following in zip(chain, [*chain[1:], handler], strict=True)
    }
    states[handler] = draw(
        st.sampled_from([{"Type": "Succeed"}, {"Type": "Fail", "Error": "Refused"}, {"Type": "Pass", "End": True}])
    )
    return {"StartAt": chain[0], "States": states}


def _state(draw: st.DrawFn, name: _Named, depth: int, following: str, handler: str) -> dict[str, Any]:
    kinds = ["Task", "Task", "Pass", "Wait", "Choice"] + (["Parallel", "Map"] if depth else [])
    kind = draw(st.sampled_from(kinds))
    fails = draw(_one_of({}, JITTERY, {"Catch": [{"ErrorEquals": ["States.ALL"], "Next": handler}]}))
    if kind == "Task":
        times = draw(_one_of({}, {"TimeoutSeconds": 9}, {"TimeoutSeconds": 9, "HeartbeatSeconds": 3}))
        language = draw(_one_of({"Parameters": RANDOM}, {"QueryLanguage": "JSONata", "Arguments": RANDOMNESS}))
        resource = draw(st.sampled_from(["kyc", TOKEN]))
        return {"Type": "Task", "Resource": resource, "Next": following, **language, **fails, **times}
    if kind == "Pass":
        # Names are of this state alone, so that no inner scope assigns to what an outer one has.
        assigned = f"v{following}"
        return {
            "Type": "Pass",
            "Next": following,
            **draw(
                _one_of(
                    {"Parameters": RANDOM},
                    {"Parameters": RANDOM, "Assign": {f"{assigned}.$": "$.id"}},
                    {"QueryLanguage": "JSONata", "Output": RANDOMNESS, "Assign": {assigned: "{% $states.input %}"}},
                )
            ),
        }
    if kind == "Wait":
        return {"Type": "Wait", "Seconds": draw(st.integers(0, 12)), "Next": following}
    if kind == "Choice":
        return {
            "Type": "Choice",
            "Choices": [{"Variable": "$.ok", "IsPresent": True, "Next": handler}],
            "Default": following,
        }
    if kind == "Parallel":
        branches = [_states(draw, name, depth - 1) for _ in range(draw(st.integers(1, 3)))]
        return {"Type": "Parallel", "Branches": branches, "Next": following, **fails}
    items = {"Parameters": [1, 2, 3]}
    arrays = name()
    inner = _states(draw, name, depth - 1)
    return {
        "Type": "Parallel",
        "Branches": [
            {
                "StartAt": arrays,
                "States": {
                    arrays: {"Type": "Pass", **items, "Next": f"{arrays}M"},
                    f"{arrays}M": {
                        "Type": "Map",
                        "MaxConcurrency": draw(st.integers(0, 2)),
                        "ItemProcessor": {**inner, **draw(_one_of({}, DISTRIBUTED))},
                        "End": True,
                        **draw(_one_of({}, {"ToleratedFailureCount": 1})),
                    },
                },
            }
        ],
        "Next": following,
        **fails,
    }


happenings = st.lists(
    st.tuples(
        st.sampled_from(["succeed", "succeed", "succeed", "fail", "beat", "submit", "time", "time", "stop", "redrive"]),
        st.integers(0, 50),
    ),
    max_size=25,
)
"""What happens, as (what, a number that picks the task, the error or the time)."""


def told(
    machine: Machine, happened: list[tuple[str, int]]
) -> Iterator[tuple[Execution | None, Event | None, Step, int]]:
    """Each step of a story: the execution before, the event, the step, and the seconds that had passed."""
    seconds = 0
    current = start(machine, execution_id="e1", input={"name": "Ada"}, now=NOW)
    yield None, None, current, seconds
    for what, number in happened:
        execution = current.execution
        if what == "time":
            seconds += number % 8
        event = _event(execution, what, number)
        if event is not None:
            current = step(machine, execution, event, after(seconds))
            yield execution, event, current, seconds


def _event(execution: Execution, what: str, number: int) -> Event | None:
    if what == "time":
        return TimersDue()
    if what == "stop":
        # Rare, as nothing happens after it.
        return Stop("Operator", None) if number == 50 else None
    if what == "redrive":
        return Redrive()
    tasks, children = sorted(execution.open_tasks), sorted(execution.open_children)
    if children and (not tasks or number % 2):
        return _child_event(children[number % len(children)], what, number)
    if not tasks:
        return None
    task_id = tasks[number % len(tasks)]
    if what == "submit":
        return TaskSubmitted(task_id, {"messageId": number})
    if what == "beat":
        return TaskHeartbeat(task_id)
    if what == "fail":
        return TaskFailed(task_id, ERRORS[number % len(ERRORS)], "so")
    return TaskSucceeded(task_id, {"ok": number} if number % 3 == 0 else {"n": number})


def _child_event(child_id: int, what: str, number: int) -> Event:
    if what == "fail":
        return ChildFailed(child_id, ERRORS[number % len(ERRORS)], "so")
    return ChildSucceeded(child_id, {"n": number})
