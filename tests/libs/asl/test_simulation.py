"""Running on a virtual clock."""

from datetime import timedelta
from typing import Any

from libs.asl import Machine
from libs.asl.simulation import BEGIN, Recorded, Run, simulate
from tests.libs.asl.factory import END, branch, machine, state, task

LAMBDA = "arn:aws:lambda:us-east-1:111111111111:function:ask"


def run(definition: Machine, *results: dict[str, Any]) -> Run:
    return simulate(definition, {}, Recorded(results))


def test_timers_fire_at_once_in_virtual_time() -> None:
    done = run(machine({"Wait": state("Wait", Seconds=86_400)}))
    assert done.execution.status == "SUCCEEDED"
    assert done.history[-1].timestamp == BEGIN + timedelta(days=1)


def test_tasks_are_answered_in_the_order_in_which_they_are_scheduled() -> None:
    ask = task("kyc", Retry=[{"ErrorEquals": ["Down"]}], Next="B")
    done = run(machine({"A": ask, "B": END}), {"error": "Down", "cause": {"why": 1}}, {"output": 2})
    assert done.execution.output == 2
    assert [event.details.get("cause") for event in done.history if event.type == "TaskFailed"] == ['{"why": 1}']


def test_a_result_answers_the_state_that_it_names() -> None:
    both = state("Parallel", Branches=[branch(A=task()), branch(B=task())])
    done = run(machine({"Both": both}), {"state": "B", "output": "b"}, {"state": "A", "output": "a"})
    assert done.execution.output == ["a", "b"]


def test_a_task_that_timed_out_gets_no_answer() -> None:
    done = run(machine({"A": task(TimeoutSeconds=9)}), {"error": "States.Timeout", "timed_out": True})
    assert (done.execution.error, done.event_types[-3]) == ("States.Timeout", "TaskStarted")
    assert done.event_types[-2:] == ["TaskTimedOut", "ExecutionFailed"]


def test_without_an_answer_or_a_timer_the_run_stops_where_it_is() -> None:
    assert run(machine({"A": task()})).execution.status == "RUNNING"


def test_what_a_function_answered_may_be_recorded_as_json_text() -> None:
    ask = machine({"A": task(LAMBDA)})
    assert run(ask, {"output": '"done"'}).execution.output == "done"
    assert run(ask, {"output": "done"}).execution.output == "done"


def test_an_execution_can_be_stopped_where_it_would_wait() -> None:
    done = simulate(machine({"A": state("Wait", Seconds=1)}), {}, Recorded([]), stop=True)
    assert done.event_types == ["ExecutionStarted", "WaitStateEntered", "ExecutionAborted"]


def test_the_same_run_is_the_same_to_the_byte() -> None:
    draws = machine({"A": state("Pass", Parameters={"id.$": "States.UUID()", "at.$": "$$.State.EnteredTime"})})
    assert run(draws).history == run(draws).history


def distributed(**fields: Any) -> Machine:
    work = {**branch(Ask=task()), "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}
    return machine({"Each": state("Map", ItemProcessor=work, **fields)})


def test_child_executions_run_in_their_turn() -> None:
    recorded = Recorded([{"state": "Ask", "output": 1}, {"state": "Ask", "output": 2}])
    done = simulate(distributed(), ["a", "b"], recorded)
    assert done.execution.output == [1, 2]
    assert [effect.parameters for effect in done.scheduled] == ["a", "b"]


def test_a_task_of_a_child_execution_may_give_back_its_input() -> None:
    recorded = Recorded([])
    assert simulate(distributed(), ["a"], recorded, answer_child=recorded.in_child).execution.output == ["a"]
    assert simulate(distributed(), ["a"], recorded).execution.status == "RUNNING"


def test_a_child_execution_that_fails_is_told() -> None:
    recorded = Recorded([{"error": "Down", "cause": None}])
    assert simulate(distributed(), ["a"], recorded).execution.status == "FAILED"


def test_the_file_of_a_map_is_a_result_of_its_state() -> None:
    reader = {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"InputType": "JSON"}, "Parameters": {}}
    recorded = Recorded([{"state": "Each", "output": "[7, 8]"}])
    done = simulate(distributed(ItemReader=reader), {}, recorded, answer_child=recorded.in_child)
    assert done.execution.output == [7, 8]


def test_a_child_execution_takes_its_time() -> None:
    inner = branch(C=state("Wait", Seconds=60)) | {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
    }
    each = state("Map", Items=[1, 2, 3], MaxConcurrency=2, QueryLanguage="JSONata", ItemProcessor=inner)
    done = run(machine({"Each": each}))
    assert done.history[-1].timestamp == BEGIN + timedelta(seconds=120)


def test_what_comes_sooner_than_the_end_of_a_child_execution_happens_before_it() -> None:
    inner = branch(C=state("Wait", Seconds=60)) | {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
    }
    each = state("Map", Items=[1], QueryLanguage="JSONata", ItemProcessor=inner)
    soon = branch(W=state("Wait", Seconds=1, Next="F"), F={"Type": "Fail", "Error": "Refused"})
    done = run(machine({"P": state("Parallel", Branches=[branch(Each=each), soon])}))
    assert (done.execution.error, done.history[-1].timestamp) == ("Refused", BEGIN + timedelta(seconds=1))
    assert "MapRunAborted" in done.event_types
